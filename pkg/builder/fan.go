package builder

import (
	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/internal/ref"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Fan is a task that runs once for every combination of its axes (a matrix).
// What it leaves behind is reached through Collect alone.
type Fan[T TaskType[Out], Out Noder] struct {
	*Node
	out Out
}

// include is a further combination of a matrix.
type include struct {
	at     place
	name   string
	params []*input
}

// FanOut adds a task that runs once for every item of the arrays given by
// Each; several Each give the product. Chain on what it returns in a
// statement of its own, as with Add; its results are reached by Collect.
//
//	fan := builder.FanOut(p, "convert", Convert{Key: builder.Each(list.Keys)})
func FanOut[T TaskType[Out], Out Noder](p *Pipeline, name string, task T) *Fan[T, Out] {
	n := p.orNew().newNode(caller.Here(), name, false)
	n.matrixed = true
	out, _ := define[T, Out](n, task)
	return &Fan[T, Out]{Node: n, out: out}
}

// Each makes an array the axis of a FanOut: the input takes each item in turn.
// It must be the whole input.
func Each(a Array) String {
	return String(ref.Token{Form: ref.Each, Expr: encodeAxis(a)}.String())
}

// Include adds one combination that the axes do not give, or, where its
// values match, adds further inputs to those combinations. Only string inputs
// that with sets are used.
func (f *Fan[T, Out]) Include(name string, with T) *Fan[T, Out] {
	if f == nil || f.Node == nil {
		return f
	}
	at := caller.Here()
	if nothing(with) {
		f.scope.reportf(at, "task-invalid", "include %s is nil", quote(name)).
			Help = "give it the same task type as FanOut"
		return f
	}
	scratch := &Node{scope: f.scope, pipeline: f.pipeline, at: at, name: f.name, matrixed: true, including: true}
	scratch.checkInputs(with)
	with.Define(newTask(scratch, with.TaskName()))
	inc := &include{at: at, name: name}
	for _, in := range scratch.params {
		if in.given() {
			inc.params = append(inc.params, in)
		}
	}
	f.includes = append(f.includes, inc)
	return f
}

// Collect is the array of one string result of all combinations.
//
//	fan.Collect(func(c Converted) builder.String { return c.Part })
func (f *Fan[T, Out]) Collect(pick func(Out) String) Array {
	if f == nil || f.Node == nil {
		return Array{}
	}
	at := caller.Here()
	if pick == nil || nothing(f.out) {
		f.scope.reportf(at, "collect-invalid", "Collect of task %s picks nothing", quote(f.name)).
			Help = "return a result of the task: func(o Out) builder.String { return o.Part }"
		return Array{}
	}
	tok, ok := ref.Single(string(pick(f.out)))
	if ok && tok.Form == ref.Bad {
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
func (f *Fan[T, Out]) Length() String {
	if f == nil || f.Node == nil {
		return ""
	}
	return String(f.scope.token(ref.Value, tekref.MatrixLengthOf(f.name)))
}
