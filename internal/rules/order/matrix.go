package order

import (
	"iter"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
)

// matrixSizes returns the tasks in the pipeline of a PipelineRun whose matrix depends
// on the params of the run, and the number of runs that the matrix creates with these.
// Tasks for which the number is not known are left out.
func matrixSizes(run *facts.Entry) iter.Seq2[*facts.PipelineTask, int] {
	return func(yield func(*facts.PipelineTask, int) bool) {
		pipeline := run.RunPipeline()
		if pipeline == nil {
			return
		}
		var given map[string]int
		length := func(name string) (int, bool) {
			if given == nil {
				given = lengths(run.Run.Spec.Params)
			}
			if n, ok := given[name]; ok {
				return n, true
			}
			return pipeline.DefaultLength(name)
		}
		for _, t := range pipeline.Tasks {
			if !t.IsMatrixed() || !t.MatrixVaries() {
				continue
			}
			if n, known := t.MatrixSize(length); known && !yield(t, n) {
				return
			}
		}
	}
}

// lengths returns the number of items of each array that is passed.
func lengths(params v1.Params) map[string]int {
	out := map[string]int{}
	for i := range params {
		if v := &params[i].Value; v.Type == v1.ParamTypeArray {
			out[params[i].Name] = len(v.ArrayVal)
		}
	}
	return out
}
