package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// TaskString is a string at task scope, for steps, sidecars and volumes: a
// literal, an input of the task, a path, or several of them joined with +. The
// argument of [Step.Script] is a plain string instead, so that an input is not
// pasted into a script by accident: pass inputs to Env.
type TaskString string

// EmptyTaskString is the explicit empty string, for inputs where "" means "not set".
const EmptyTaskString TaskString = handle.Empty

// In returns a when expression for [Step.When] that is true if t is one of v.
func (t TaskString) In(v ...TaskString) StepWhen { return newStepWhen(t, opIn, v) }

// NotIn returns a when expression for [Step.When] that is true if t is not one of
// v.
func (t TaskString) NotIn(v ...TaskString) StepWhen { return newStepWhen(t, opNotIn, v) }

// TaskArray is an array input of a task. It can be used only in lists: the
// command and the arguments of a step.
type TaskArray struct{ d *array }

// All returns an item that Tekton replaces by all items of the array. It is
// valid only as a whole item of a list: Args(flags.All()).
func (t TaskArray) All() TaskString {
	if t.d == nil {
		return ""
	}
	return TaskString(t.d.whole)
}

// At returns the item at index i, counted from 0. A run whose array has no such
// item fails.
func (t TaskArray) At(i int) TaskString {
	d := t.d
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

// Key returns the value of a key, which the task must declare.
func (t TaskObject) Key(name string) TaskString {
	d := t.d
	if d == nil {
		return ""
	}
	if !d.scope.knowsKey(callsite.Here(), d.variable, name, d.keys) {
		return TaskString(d.scope.token(handle.Bad, d.anyKey(tekref.ContextOf("taskRun", "name"))))
	}
	return TaskString(d.scope.token(handle.Value, d.variable.WithKey(name)))
}
