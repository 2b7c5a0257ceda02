package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// MatrixSize returns the number of runs that the matrix of the task creates. Lengths
// returns the number of items of a param of the pipeline. MatrixSize returns false
// if the size is not known.
func (t *PipelineTask) MatrixSize(lengths func(string) (int, bool)) (int, bool) {
	if !t.Matrix.HasParams() {
		return len(t.Matrix.Include), true
	}
	n := 1
	for i := range t.Matrix.Params {
		size, known := axisSize(&t.Matrix.Params[i].Value, lengths)
		if !known {
			return 0, false
		}
		if size == 0 {
			return 0, true
		}
		if n *= size; n > 1<<30 {
			return n, true
		}
	}
	return n, true
}

// axisSize returns the number of values of one param of a matrix.
func axisSize(v *v1.ParamValue, lengths func(string) (int, bool)) (int, bool) {
	items := v.ArrayVal
	if ValueKind(v) == v1.ParamTypeString {
		items = []string{v.StringVal}
	}
	size := 0
	for _, item := range items {
		r, ok := Alone(item)
		switch {
		case !ok || r.Kind != tekref.Param || !r.Whole():
			if r.Kind == tekref.TaskResult && r.Whole() {
				return 0, false
			}
			size++
		default:
			length, known := lengths(r.Name)
			if !known {
				return 0, false
			}
			size += length
		}
	}
	return size, true
}

// MatrixVaries reports whether the size of the matrix depends on params.
func (t *PipelineTask) MatrixVaries() bool {
	for i := range t.Matrix.Params {
		v := &t.Matrix.Params[i].Value
		if ValueKind(v) == v1.ParamTypeString && tekref.Contains(v.StringVal) {
			return true
		}
		for _, item := range v.ArrayVal {
			if r, ok := Alone(item); ok && r.Whole() {
				return true
			}
		}
	}
	return false
}

// DefaultLength returns the number of items in the default of a param of the
// pipeline, 1 for a string. It returns false if that is not known.
func (p *PipelineSpec) DefaultLength(name string) (int, bool) {
	d := p.Params.Find(name)
	if d == nil {
		return 0, false
	}
	if d.Type != v1.ParamTypeArray {
		return 1, true
	}
	n := d.Length()
	return n, n >= 0
}
