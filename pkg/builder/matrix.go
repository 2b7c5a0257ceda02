package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Matrix is a task that runs once for every combination of its axes (a matrix).
// What it leaves behind is reached through Collect alone.
type Matrix[T TaskType[Out], Out TaskOutput] struct {
	*PipelineTask
	out Out
}

// include is a further combination of a matrix.
type include struct {
	at     place
	name   string
	params []*input
}

// AddMatrix adds a task that runs once for every item of the arrays given by
// Each; several Each give the product. Chain on what it returns in a
// statement of its own, as with Add; its results are reached by Collect.
//
//	fan := builder.AddMatrix(p, "convert", Convert{Key: builder.Each(list.Keys)})
func AddMatrix[T TaskType[Out], Out TaskOutput](p *Pipeline, name string, task T) *Matrix[T, Out] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, false)
	n.matrixed = true
	out, _ := define[T, Out](n, task)
	return &Matrix[T, Out]{PipelineTask: n, out: out}
}

// Each makes an array the axis of a matrix: the input takes each item in turn.
// It must be the whole input.
func Each(a Array) String {
	return String(handle.Token{Form: handle.Each, Expr: encodeAxis(a)}.String())
}

// Include adds one combination that the axes do not give, or, where its
// values match, adds further inputs to those combinations. Only string inputs
// that with sets are used.
func (f *Matrix[T, Out]) Include(name string, with T) *Matrix[T, Out] {
	if f == nil || f.PipelineTask == nil {
		return f
	}
	at := callsite.Here()
	if nothing(with) {
		f.scope.reportf(at, "task-invalid", "include %s is nil", quote(name)).
			Help = "give it the same task type as AddMatrix"
		return f
	}
	scratch := &PipelineTask{scope: f.scope, pipeline: f.pipeline, at: at, name: f.name, matrixed: true, including: true}
	scratch.checkInputs(with)
	with.Define(newTask(scratch, with.TaskName()))
	inc := &include{at: at, name: name}
	for _, in := range scratch.params {
		if in.isSet() {
			inc.params = append(inc.params, in)
		}
	}
	f.includes = append(f.includes, inc)
	return f
}

// Collect is the array of one string result of all combinations.
//
//	fan.Collect(func(c Converted) builder.String { return c.Part })
func (f *Matrix[T, Out]) Collect(pick func(Out) String) Array {
	if f == nil || f.PipelineTask == nil {
		return Array{}
	}
	at := callsite.Here()
	if pick == nil || nothing(f.out) {
		f.scope.reportf(at, "collect-invalid", "Collect of task %s picks nothing", quote(f.name)).
			Help = "return a result of the task: func(o Out) builder.String { return o.Part }"
		return Array{}
	}
	tok, ok := handle.Single(string(pick(f.out)))
	if ok && tok.Form == handle.Bad {
		return Strings(String(tok.String()))
	}
	if !ok || tok.Owner.ID != f.scope.owner.ID || !isResultOf(tok.Expr, f.name) {
		f.scope.reportf(at, "collect-invalid", "Collect of task %s does not return one of its results", quote(f.name)).
			Help = "return a result of the task as it is, without joining it to other text"
		return Array{}
	}
	a := newArray(f.scope, tekref.Parse(tok.Expr))
	a.d.collected = true
	return a
}

// Length is how many combinations there are: $(tasks.NAME.matrix.length). It
// makes no task wait. Tekton counts a result that the task fans out over as one
// value, which is reported: count a result of the task instead.
func (f *Matrix[T, Out]) Length() String {
	if f == nil || f.PipelineTask == nil {
		return ""
	}
	return String(f.scope.token(handle.Value, tekref.MatrixLengthOf(f.name)))
}
