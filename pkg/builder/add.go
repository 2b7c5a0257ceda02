package builder

import (
	"reflect"

	"github.com/tekwright/tekwright/internal/callsite"
)

// TaskType is implemented by types that describe a Task. Such a type is a
// struct whose fields are the inputs. TaskName returns the name of the Task
// object. Define declares its params, workspaces, results and steps, and returns
// its output: a struct of handles that embeds *PipelineTask, or just a
// *PipelineTask.
//
// Define must declare the same Task whatever the values of fields of builder
// types are. Fields of plain Go types may change the Task; TaskName must then
// return a different name for each variant.
type TaskType[Out TaskOutput] interface {
	TaskName() string
	Define(t *Task) Out
}

// TaskOutput is a pipeline task, or a struct that embeds one together with
// handles for its results and workspaces. It cannot be implemented in any other
// way than by embedding *PipelineTask.
type TaskOutput interface {
	AnyTask
	embedsPipelineTask() *PipelineTask
}

func (t *PipelineTask) embedsPipelineTask() *PipelineTask { return t }

// AnyTask is a task of a pipeline, a finally task or another: a [TaskOutput] or a
// *[FinallyTask].
type AnyTask interface {
	ofPipeline() *PipelineTask
}

func (t *PipelineTask) ofPipeline() *PipelineTask { return t }

func (f *FinallyTask[Out]) ofPipeline() *PipelineTask { return f.pipelineTask }

// anyTaskOf returns the task that v is or embeds, nil if there is none.
func anyTaskOf(v AnyTask) *PipelineTask {
	if nothing(v) {
		return nil
	}
	return v.ofPipeline()
}

// Add adds a task to the pipeline and returns its output. The name must be
// unique in the pipeline. The task runs after the tasks whose results or
// workspaces it uses, and in parallel with all others.
//
// Assign the output to a variable, and call methods such as Retries in a
// separate statement: they return the *PipelineTask, which has no results.
//
//	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
//	test.Retries(2)
func Add[T TaskType[Out], Out TaskOutput](p *Pipeline, name string, task T) Out {
	n := p.orNew().newPipelineTask(callsite.Here(), name, false)
	out, _ := define[T, Out](n, task)
	return out
}

// define makes the definition of a pipeline task.
func define[T TaskType[Out], Out TaskOutput](n *PipelineTask, task T) (Out, *Task) {
	var none Out
	if nothing(task) {
		n.scope.reportf(n.at, "task-invalid", "task %s is nil", quote(n.name)).
			Help = "pass a struct with the methods TaskName and Define"
		n.broken = true
		return none, nil
	}
	var t *Task
	var out Out
	if !n.scope.catch(n.at, typeName(task), func() {
		t = newTask(n, task.TaskName())
		n.task = t
		t.typed = true
		t.typeName = typeName(task)
		n.checkInputs(task)
		out = task.Define(t)
		t.finishJoin()
	}) {
		n.broken = true
		return none, t
	}
	if got := pipelineTaskOf(out); got != n {
		n.scope.reportf(n.at, "output-unset", "the output of %s leaves the embedded PipelineTask unset", t.typeName).
			Help = "set it to t.PipelineTask(): Output{PipelineTask: t.PipelineTask(), ...}"
	}
	n.checkOutputs(&out)
	return out, t
}

// nothing reports whether v is nil: calling its methods would panic.
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

// pipelineTaskOf returns the pipeline task that v embeds, nil if there is none.
func pipelineTaskOf(v TaskOutput) *PipelineTask {
	if nothing(v) {
		return nil
	}
	return v.embedsPipelineTask()
}

// AddInline adds a task that is used nowhere else. Its definition is embedded in
// the pipeline (taskSpec). It returns only the pipeline task: declare a task
// type if other tasks use its results. Values of the pipeline are passed in as for
// any task:
//
//	p.AddInline("say", func(t *builder.Task) {
//		text := t.Param("text", clone.Commit) // declares the param and sets it
//		t.Step("say").Image("docker.io/library/busybox:1.37").Env("TEXT", text).Script(`echo "$TEXT"`)
//	})
func (p *Pipeline) AddInline(name string, define func(t *Task)) *PipelineTask {
	return p.orNew().newPipelineTask(callsite.Here(), name, false).inline(define)
}

// inline gives the task a definition of its own.
func (t *PipelineTask) inline(define func(*Task)) *PipelineTask {
	name := t.name
	t.embed = true
	t.task = newTask(t, name)
	t.task.typeName = "task " + quote(name)
	if define == nil {
		t.scope.reportf(t.at, "task-invalid", "the function of task %s is nil", quote(name)).
			Help = "pass AddInline a function that declares the steps"
		t.broken = true
		return t
	}
	if !t.scope.catch(t.at, "the function of task "+quote(name), func() { define(t.task) }) {
		t.broken = true
	}
	return t
}
