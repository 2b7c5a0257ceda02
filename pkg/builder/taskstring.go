package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// TaskString is a string at task scope: what steps, sidecars and volumes are made
// of. It is a literal, an input of the task, a path, or any of them joined
// with +. It does not convert to the plain string that Step.Script takes:
// inputs reach scripts through Env.
type TaskString string

const (
	// EmptyTaskString is the explicit empty string, where "" would mean "not given".
	EmptyTaskString TaskString = handle.Empty
	// TaskRunName is the name of the TaskRun: $(context.taskRun.name).
	TaskRunName TaskString = "$(context.taskRun.name)"
)

// In is the condition that the text is one of v, for Step.When.
func (t TaskString) In(v ...TaskString) StepWhen { return newStepWhen(t, opIn, v) }

// NotIn is the condition that the text is none of v, for Step.When.
func (t TaskString) NotIn(v ...TaskString) StepWhen { return newStepWhen(t, opNotIn, v) }

// TaskArray is an array input of a task. It is legal in lists only: the
// arguments and the command of a step.
type TaskArray struct{ d *array }

// All stands for all items, inside a list: Args(flags.All()).
func (a TaskArray) All() TaskString {
	if a.d == nil {
		return ""
	}
	return TaskString(a.d.whole)
}

// At is the item at index i, counted from 0. An index that the array of a run
// does not have fails that run.
func (a TaskArray) At(i int) TaskString {
	d := a.d
	if d == nil {
		return ""
	}
	if i < 0 {
		d.scope.badIndex(callsite.Here(), i)
		return TaskString(d.scope.token(handle.Bad, d.variable.At(0)))
	}
	return TaskString(d.scope.token(handle.Value, d.variable.At(i)))
}

// TaskObject is an object input of a task.
type TaskObject struct{ d *keyed }

// Key is the value under a key, which must be one that the task declares.
func (o TaskObject) Key(name string) TaskString {
	d := o.d
	if d == nil {
		return ""
	}
	if !d.scope.knowsKey(callsite.Here(), d.variable, name, d.keys) {
		return TaskString(d.scope.token(handle.Bad, d.anyKey(tekref.ContextOf("taskRun", "name"))))
	}
	return TaskString(d.scope.token(handle.Value, d.variable.WithKey(name)))
}
