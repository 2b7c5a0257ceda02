package builder

import (
	"reflect"

	"github.com/tekwright/tekwright/internal/callsite"
)

// TaskType is a kind of task: a struct whose fields are its inputs. TaskName
// is the name of the Task object, Define declares its params, workspaces,
// results and steps and returns what it leaves behind: a struct of handles
// that embeds *Node, or just a *Node.
//
// Define must declare the same Task whatever the builder-typed inputs are;
// plain Go fields may change it, and must then show in TaskName.
type TaskType[Out TaskOutput] interface {
	TaskName() string
	Define(t *Task) Out
}

// TaskOutput is a task in a pipeline, or what it leaves behind. It is sealed:
// embed *Node.
type TaskOutput interface {
	embedsPipelineTask() *PipelineTask
}

func (n *PipelineTask) embedsPipelineTask() *PipelineTask { return n }

// Add adds a task to the pipeline under a name of its own and returns what it
// leaves behind. It runs after the tasks whose results or workspaces it is
// given, and side by side with all others.
//
// Keep what Add returns, and chain on it in a statement of its own: methods
// like Retries return the node, which has no results.
//
//	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
//	test.Retries(2)
func Add[T TaskType[Out], Out TaskOutput](p *Pipeline, name string, task T) Out {
	n := p.orNew().newPipelineTask(callsite.Here(), name, false)
	out, _ := define[T, Out](n, task)
	return out
}

// define makes the task of a node.
func define[T TaskType[Out], Out TaskOutput](n *PipelineTask, task T) (Out, *Task) {
	var none Out
	if nothing(task) {
		n.scope.reportf(n.at, "task-invalid", "task %s is nil", quote(n.name)).
			Help = "give it a task type: a struct with TaskName and Define"
		n.broken = true
		return none, nil
	}
	t := newTask(n, task.TaskName())
	n.task = t
	t.typed = true
	t.typeName = typeName(task)
	n.checkInputs(task)
	out := task.Define(t)
	if got := pipelineTaskOf(out); got != n {
		n.scope.reportf(n.at, "output-unset", "the output of %s does not hold the node of its task", t.typeName).
			Help = "return it with t.PipelineTask(): Output{PipelineTask: t.PipelineTask(), ...}"
	}
	n.checkOutputs(&out)
	return out, t
}

// nothing reports a nil task: calling its methods would panic.
func nothing(v any) bool {
	if v == nil {
		return true
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Interface, reflect.Chan:
		return r.IsNil()
	}
	return false
}

// pipelineTaskOf is the node that v embeds, nil where v cannot say.
func pipelineTaskOf(v TaskOutput) *PipelineTask {
	if nothing(v) {
		return nil
	}
	return v.embedsPipelineTask()
}

// AddInline adds a task that is used nowhere else; its definition is embedded in the
// pipeline. It returns the node, as there is no type to hold results: declare
// a task type for a task that leaves any.
func (p *Pipeline) AddInline(name string, define func(t *Task)) *PipelineTask {
	n := p.orNew().newPipelineTask(callsite.Here(), name, false)
	n.embed = true
	n.task = newTask(n, name)
	n.task.typeName = "task " + quote(name)
	if define == nil {
		n.scope.reportf(n.at, "task-invalid", "task %s is nil", quote(name)).
			Help = "give Do a function that declares the steps"
		n.broken = true
		return n
	}
	define(n.task)
	return n
}
