package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// TaskStatus is a value of a [Status]: Succeeded, Failed, Completed or None, as
// Tekton spells them.
type TaskStatus string

const (
	// Succeeded means that the task succeeded or, for a pipeline, that all tasks
	// succeeded.
	Succeeded TaskStatus = "Succeeded"
	// Failed means that the task failed after its retries or, for a pipeline, that
	// a task failed. This includes a task with ContinueOnError, whose failure does
	// not make the run fail.
	Failed TaskStatus = "Failed"
	// Completed means that no task of the pipeline failed and some were skipped.
	// It is never the status of a single task.
	Completed TaskStatus = "Completed"
	// None means that the task was skipped, or that the pipeline ended before the
	// task ran.
	None TaskStatus = "None"
)

// Status is the execution status of a task, or the aggregate status of all tasks. Only
// finally tasks can use it: in When, and with Value in their inputs.
type Status struct {
	scope    *scope
	variable tekref.Variable
	task     bool
}

// In returns a when expression that is true if the status is one of o.
func (s Status) In(o ...TaskStatus) StatusWhen { return s.when(callsite.Here(), opIn, o) }

// NotIn returns a when expression that is true if the status is not one of o.
func (s Status) NotIn(o ...TaskStatus) StatusWhen { return s.when(callsite.Here(), opNotIn, o) }

func (s Status) when(at place, op operator, outcomes []TaskStatus) StatusWhen {
	values := make([]String, len(outcomes))
	for i, o := range outcomes {
		values[i] = String(o)
		known := o == Succeeded || o == Failed || o == None || o == Completed && !s.task
		if !known && s.scope != nil {
			help := "compare it with builder.Succeeded, builder.Failed or builder.None"
			if !s.task {
				help = "compare it with builder.Succeeded, builder.Failed, builder.Completed or builder.None"
			}
			s.scope.reportf(at, "task-status-invalid", "%s is never %s", quote(s.variable.String()), quote(string(o))).
				Help = help
		}
	}
	return StatusWhen{When{at: at, input: s.Value(), op: op, values: values, made: true}}
}

// Value returns the status as a string, for the inputs of finally tasks.
func (s Status) Value() String { return statusText(s.scope, s.variable) }

// Reason is the reason for the status of a task, such as "Succeeded", "StepFailed", "StepOOM", "TaskRunTimeout" or "TaskRunCancelled".
// Only finally tasks can use it.
type Reason struct {
	scope    *scope
	variable tekref.Variable
}

// In returns a when expression that is true if the reason is one of reasons.
func (r Reason) In(reasons ...string) StatusWhen { return r.when(callsite.Here(), opIn, reasons) }

// NotIn returns a when expression that is true if the reason is not one of
// reasons.
func (r Reason) NotIn(reasons ...string) StatusWhen { return r.when(callsite.Here(), opNotIn, reasons) }

func (r Reason) when(at place, op operator, reasons []string) StatusWhen {
	values := make([]String, len(reasons))
	for i, reason := range reasons {
		values[i] = String(reason)
	}
	return StatusWhen{When{at: at, input: r.Value(), op: op, values: values, made: true}}
}

// Value returns the reason as a string, for the inputs of finally tasks.
func (r Reason) Value() String { return statusText(r.scope, r.variable) }

func statusText(s *scope, v tekref.Variable) String {
	if s == nil {
		return ""
	}
	return String(s.token(handle.Status, v))
}

// StatusWhen is a when expression on the status of tasks, for finally tasks only.
type StatusWhen struct{ w When }

func (w StatusWhen) asWhen() When { return w.w }
