package builder

import (
	"strconv"

	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/internal/ref"
)

// Text is a string at task scope: what steps, sidecars and volumes are made
// of. It is a literal, an input of the task, a path, or any of them joined
// with +. It does not convert to the plain string that Step.Script takes:
// inputs reach scripts through Env.
type Text string

const (
	// EmptyText is the explicit empty string, where "" would mean "not given".
	EmptyText Text = ref.Empty
	// TaskRunName is the name of the TaskRun: $(context.taskRun.name).
	TaskRunName Text = "$(context.taskRun.name)"
)

// In is the condition that the text is one of v, for Step.When.
func (t Text) In(v ...Text) StepWhen { return newStepWhen(t, opIn, v) }

// NotIn is the condition that the text is none of v, for Step.When.
func (t Text) NotIn(v ...Text) StepWhen { return newStepWhen(t, opNotIn, v) }

// TextArray is an array input of a task. It is legal in lists only: the
// arguments and the command of a step.
type TextArray struct{ d *array }

// All stands for all items, inside a list: Args(flags.All()).
func (a TextArray) All() Text {
	if a.d == nil {
		return ""
	}
	return Text(a.d.whole)
}

// At is the item at index i, counted from 0. An index that the array of a run
// does not have fails that run.
func (a TextArray) At(i int) Text {
	d := a.d
	if d == nil {
		return ""
	}
	if i < 0 {
		d.scope.badIndex(caller.Here(), i)
		return Text(d.scope.token(ref.Bad, d.expr+"[0]"))
	}
	return Text(d.scope.token(ref.Value, d.expr+"["+strconv.Itoa(i)+"]"))
}

// TextObject is an object input of a task.
type TextObject struct{ d *keyed }

// Key is the value under a key, which must be one that the task declares.
func (o TextObject) Key(name string) Text {
	d := o.d
	if d == nil {
		return ""
	}
	if !d.scope.knowsKey(caller.Here(), d.expr, name, d.keys) {
		return Text(d.scope.token(ref.Bad, d.anyKey("context.taskRun.name")))
	}
	return Text(d.scope.token(ref.Value, d.expr+"."+name))
}
