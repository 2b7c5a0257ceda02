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

// TaskArray is an array at task scope: an array input of a task, an array result of a
// step, or a list made by [TaskStrings]. It can be used only in lists: the command and the
// arguments of a step, and inputs of StepActions.
type TaskArray struct{ d *array }

// TaskStrings returns an array of the items, for inputs of StepActions. TaskStrings() is
// the explicit empty array. An array input can be inserted with [TaskArray.All].
func TaskStrings(items ...TaskString) TaskArray {
	d := &array{items: make([]String, len(items))}
	for i, t := range items {
		d.items[i] = String(t)
	}
	return TaskArray{d}
}

// All returns an item that Tekton replaces by all items of the array. It is
// valid only as a whole item of a list: Args(flags.All()).
func (t TaskArray) All() TaskString {
	return TaskString(Array(t).All())
}

// ofStep reports whether the array is a result of a step.
func (t TaskArray) ofStep() bool { return t.d != nil && t.d.variable.Kind == tekref.StepResult }

// At returns the item at index i, counted from 0. A run whose array has no such
// item fails.
func (t TaskArray) At(i int) TaskString {
	d := t.d
	if d == nil {
		return ""
	}
	if d.whole == "" {
		return TaskString(Array(t).At(i))
	}
	if i < 0 {
		d.scope.badIndex(callsite.Here(), i)
		return TaskString(d.scope.token(handle.Bad, d.variable.At(0)))
	}
	return TaskString(d.scope.token(handle.Value, d.variable.At(i)))
}

// TaskObject is an object at task scope: an object input of a task, an object result of
// a step, or a value made by [TaskObjectOf].
type TaskObject struct{ d *keyed }

// TaskObjectOf returns an object with the given keys and values, for inputs of
// StepActions.
func TaskObjectOf(values map[string]TaskString) TaskObject {
	fields := make(map[string]String, len(values))
	for k, v := range values {
		fields[k] = String(v)
	}
	return TaskObject{&keyed{fields: fields}}
}

// Key returns the value of a key, which the task must declare.
func (t TaskObject) Key(name string) TaskString {
	d := t.d
	if d == nil {
		return ""
	}
	if d.whole == "" {
		return TaskString(Object(t).Key(name))
	}
	if !d.scope.knowsKey(callsite.Here(), d.variable, name, d.keys) {
		return TaskString(d.scope.token(handle.Bad, d.anyKey(tekref.ContextOf("taskRun", "name"))))
	}
	return TaskString(d.scope.token(handle.Value, d.variable.WithKey(name)))
}
