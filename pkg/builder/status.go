package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Outcome is how a task or a pipeline ended, in Tekton's words.
type Outcome string

const (
	// Succeeded: the task succeeded; for a pipeline, every task did.
	Succeeded Outcome = "Succeeded"
	// Failed: the task failed after its retries; for a pipeline, a task did, even
	// one that may (ContinueOnError) in a run that succeeds.
	Failed Outcome = "Failed"
	// Completed: no task of the pipeline failed, and some were skipped. A
	// single task is never Completed.
	Completed Outcome = "Completed"
	// None: the task was skipped, or the pipeline ended before it ran.
	None Outcome = "None"
)

// Status is the outcome of a task, $(tasks.NAME.status), or of all tasks,
// $(tasks.status). Only finally tasks can know it.
type Status struct {
	scope    *scope
	variable tekref.Variable
	task     bool
}

// In is the condition that the outcome is one of o.
func (s Status) In(o ...Outcome) StatusWhen { return s.when(callsite.Here(), opIn, o) }

// NotIn is the condition that the outcome is none of o.
func (s Status) NotIn(o ...Outcome) StatusWhen { return s.when(callsite.Here(), opNotIn, o) }

func (s Status) when(at place, op operator, outcomes []Outcome) StatusWhen {
	values := make([]String, len(outcomes))
	for i, o := range outcomes {
		values[i] = String(o)
		known := o == Succeeded || o == Failed || o == None || o == Completed && !s.task
		if !known && s.scope != nil {
			help := "compare it with builder.Succeeded, builder.Failed or builder.None"
			if !s.task {
				help = "compare it with builder.Succeeded, builder.Failed, builder.Completed or builder.None"
			}
			s.scope.reportf(at, "outcome-unknown", "%s is never %s", quote(s.variable.String()), quote(string(o))).
				Help = help
		}
	}
	return StatusWhen{When{at: at, input: s.Value(), op: op, values: values, made: true}}
}

// Value is the outcome as a string, for the inputs of finally tasks: a
// message, a label.
func (s Status) Value() String { return statusText(s.scope, s.variable) }

// Reason is why a task ended as it did, $(tasks.NAME.reason): "Succeeded",
// "StepFailed", "StepOOM", "TaskRunTimeout", "TaskRunCancelled" and the like.
// Only finally tasks can know it.
type Reason struct {
	scope    *scope
	variable tekref.Variable
}

// In is the condition that the reason is one of r.
func (r Reason) In(reasons ...string) StatusWhen { return r.when(callsite.Here(), opIn, reasons) }

// NotIn is the condition that the reason is none of r.
func (r Reason) NotIn(reasons ...string) StatusWhen { return r.when(callsite.Here(), opNotIn, reasons) }

func (r Reason) when(at place, op operator, reasons []string) StatusWhen {
	values := make([]String, len(reasons))
	for i, reason := range reasons {
		values[i] = String(reason)
	}
	return StatusWhen{When{at: at, input: r.Value(), op: op, values: values, made: true}}
}

// Value is the reason as a string, for the inputs of finally tasks.
func (r Reason) Value() String { return statusText(r.scope, r.variable) }

func statusText(s *scope, v tekref.Variable) String {
	if s == nil {
		return ""
	}
	return String(s.token(handle.Status, v))
}

// StatusWhen is a condition on how tasks ended. It guards finally tasks alone.
type StatusWhen struct{ w When }

func (w StatusWhen) asWhen() When { return w.w }
