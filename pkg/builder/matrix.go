package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Matrix is a pipeline task with a matrix: it runs once for every combination of
// the values of its axes. Its results are available only through Collect.
type Matrix[T TaskType[Out], Out TaskOutput] struct {
	*PipelineTask
	out Out
}

// include is an additional combination of a matrix (matrix.include).
type include struct {
	at     place
	name   string
	params []*input
}

// AddMatrix adds a task that runs once for every item of an array. The array is
// passed to an input with Each. If several inputs are set with Each, the task
// runs for every combination of their items. As with Add, call methods such as
// Retries in a separate statement.
//
//	convert := builder.AddMatrix(p, "convert", Convert{Key: builder.Each(list.Keys)})
func AddMatrix[T TaskType[Out], Out TaskOutput](p *Pipeline, name string, task T) *Matrix[T, Out] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, false)
	n.matrixed = true
	out, _ := define[T, Out](n, task)
	return &Matrix[T, Out]{PipelineTask: n, out: out}
}

// Each makes an array an axis of a matrix: the task runs once for each item, with
// the input set to that item. It must be the whole value of the input. With [Axis], an
// item can also be a part of a value, and of several inputs.
func Each(a Array) String { return axisOf("", a) }

// Axis is like Each, and gives the axis a name. The item can be joined to other text, and
// used by several inputs, which then have the same item:
//
//	service := builder.Axis("service", changes.Changed)
//	images := builder.AddMatrix(p, "images", tasks.BuildKit{
//		Source:  clone.Source,
//		Context: "services/" + service,
//		Image:   registry + "/" + service + ":" + clone.Commit,
//	})
//	images.Retries(2)
//
// Tekton cannot join text to the items of an array. So the Task becomes a variant, whose
// name has a suffix: it has a param for the axis and one for each text around it, and
// joins them itself. That takes a string input of a task type whose steps are declared
// in Go; items of an Array, keys of an Object and the sub-paths of workspaces cannot be joined.
// If a single input uses the axis, and nothing is joined to it, Axis is the same as Each.
func Axis(name string, a Array) String {
	if name == "" {
		name = "item"
	}
	return axisOf(name, a)
}

func axisOf(name string, a Array) String {
	return String(handle.Token{Form: handle.Each, Expr: encodeAxis(name, a)}.String())
}

// Include adds an entry to matrix.include. If its values match existing
// combinations, its other inputs are added to them; otherwise it is an additional
// combination. Only the string inputs that are set in with are used.
func (m *Matrix[T, Out]) Include(name string, with T) *Matrix[T, Out] {
	if m == nil || m.PipelineTask == nil {
		return m
	}
	addInclude(m.PipelineTask, callsite.Here(), name, with)
	return m
}

func addInclude[T TaskType[Out], Out TaskOutput](t *PipelineTask, at place, name string, with T) {
	if nothing(with) {
		t.scope.reportf(at, "task-invalid", "include %s is nil", quote(name)).
			Help = "pass Include a value of the task type of the matrix"
		return
	}
	scratch := &PipelineTask{scope: t.scope, pipeline: t.pipeline, at: at, name: t.name, matrixed: true, including: true}
	scratch.checkInputs(with)
	if !t.scope.catch(at, typeName(with), func() { with.Define(newTask(scratch, with.TaskName())) }) {
		return
	}
	inc := &include{at: at, name: name}
	for _, in := range scratch.params {
		if in.isSet() && t.task != nil && t.task.joined.inputs[in.name] {
			t.scope.reportf(at, "each-misplaced", "include %s sets %s, which the task joins from an axis and other text", quote(name), quote(in.name)).
				Help = "leave it out, or add the combination as a task of its own"
			continue
		}
		if in.isSet() {
			inc.params = append(inc.params, in)
		}
	}
	t.includes = append(t.includes, inc)
}

// Collect returns the values of a string result of all combinations as an array.
//
//	convert.Collect(func(c Converted) builder.String { return c.Part })
//
// Tekton sorts the values by the names of the TaskRuns, in which 10 comes before 2, and
// leaves out a combination that was skipped or failed. So neither the index of a value
// nor its place beside the values of another result tells which combination it belongs
// to, and Tekton has no variable for the result of one combination. To pick one, let
// the result contain the item, as the Reference of the images of package tasks does, and
// search the array in the task that uses it. If the items are known when the manifests are generated, add a
// task for each in a loop of Go instead: its results are then those of one task.
//
// The run fails if only a result of the pipeline uses the array: a task must use it too
// (matrix-unread).
func (m *Matrix[T, Out]) Collect(pick func(Out) String) Array {
	return m.collect(callsite.Here(), "Collect", pick)
}

func (m *Matrix[T, Out]) collect(at place, method string, pick func(Out) String) Array {
	if m == nil || m.PipelineTask == nil {
		return Array{}
	}
	if pick == nil || nothing(m.out) {
		m.scope.reportf(at, "collect-invalid", "%s of task %s has no result to collect", method, quote(m.name)).
			Help = "pass a function that returns a result of the task: func(o Out) builder.String { return o.Part }"
		return Array{}
	}
	var picked String
	if !m.scope.catch(at, "the function passed to "+method+" of task "+quote(m.name), func() { picked = pick(m.out) }) {
		return Array{}
	}
	tok, ok := handle.Single(string(picked))
	if ok && tok.Form == handle.Bad {
		return Strings(String(tok.String()))
	}
	if !ok || tok.Owner.ID != m.scope.owner.ID || !isResultOf(tok.Expr, m.name) {
		m.scope.reportf(at, "collect-invalid", "the function passed to %s of task %s does not return one of its results", method, quote(m.name)).
			Help = "return a result of the task unchanged, not joined to other text"
		return Array{}
	}
	a := newArray(m.scope, tekref.Parse(tok.Expr))
	a.d.collected = true
	return a
}

// Length returns the number of combinations. Using it does not make a task run after
// this one. If an axis is the result of another task, Tekton counts it as a single value,
// and Build reports this: use [Matrix.LengthOf] instead.
func (m *Matrix[T, Out]) Length() String {
	if m == nil || m.PipelineTask == nil {
		return ""
	}
	return String(m.scope.token(handle.Value, tekref.MatrixLengthOf(m.name)))
}

// LengthOf returns the number of combinations that wrote a string result, for tasks that
// run after this one:
//
//	convert.LengthOf(func(c Converted) builder.String { return c.Part })
func (m *Matrix[T, Out]) LengthOf(pick func(Out) String) String {
	a := m.collect(callsite.Here(), "LengthOf", pick)
	if a.d == nil {
		return ""
	}
	if a.d.scope == nil {
		return a.d.items[0] // a mistake
	}
	return String(m.scope.token(handle.Value, tekref.MatrixResultLengthOf(m.name, a.d.variable.Name)))
}
