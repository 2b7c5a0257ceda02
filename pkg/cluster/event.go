package cluster

import (
	"fmt"
	"slices"
	"strings"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/printable"
)

// EventType is the type of an Event.
type EventType string

// Types of events.
const (
	EventRunStarted   EventType = "RunStarted"
	EventRunWaiting   EventType = "RunWaiting"   // the run as a whole cannot start; see Reason and Message
	EventRunFinished  EventType = "RunFinished"  // the last event of a run
	EventTaskStarted  EventType = "TaskStarted"  // an attempt of a task started; see Event.Attempt
	EventTaskWaiting  EventType = "TaskWaiting"  // an attempt cannot start; see Reason and Message
	EventTaskRetried  EventType = "TaskRetried"  // an attempt failed and will be retried
	EventTaskFinished EventType = "TaskFinished" // the last attempt ended
	// EventTaskSkipped reports that the task will not run. Reason is Tekton's
	// reason at that time; if the final Status has a different one, that one is
	// correct.
	EventTaskSkipped  EventType = "TaskSkipped"
	EventStepStarted  EventType = "StepStarted"
	EventStepFinished EventType = "StepFinished"
	EventLog          EventType = "Log"     // a line of a step's log
	EventWarning      EventType = "Warning" // information is missing, such as logs without permission to read them
)

// Event is something that happened in a run. Fields that do not apply are zero.
type Event struct {
	Type EventType
	Time time.Time // according to the server's clock; zero if the server reports none

	// Path lists the tasks that lead to a nested pipeline, outermost first. It
	// is nil for tasks of the run itself.
	Path    []string
	Task    string // in the pipeline
	Finally bool
	Kind    string     // kind of Run
	Run     string     // the TaskRun, CustomRun or PipelineRun
	Matrix  []v1.Param // params of the matrix combination, if any
	Attempt int        // 1 for the first
	Step    string

	State    State // of the run, task or step
	Reason   string
	Message  string // for a task skipped by when expressions: the expressions
	ExitCode int32  // of a step
	Line     string // of a log, without the line break
	Duration time.Duration
	Timeout  *Timeout // the timeout that ended it; nil if none did
}

// Subject returns what the event is about: task "build" (os=linux), step
// "compile".
func (e Event) Subject() string { return printable.Line(e.subject()) }

func (e Event) subject() string {
	if e.Task == "" {
		return e.Kind + " " + quote(e.Run)
	}
	s := "task " + quote(strings.Join(append(slices.Clip(e.Path), e.Task), "/"))
	if len(e.Matrix) > 0 {
		s += " (" + matrixText(e.Matrix) + ")"
	}
	if e.Step != "" {
		s += ", step " + quote(e.Step)
	}
	return s
}

// String returns the event in one line, without the time. Only a warning may have more;
// they begin with a tab. The text can be written to a
// terminal or the log of a CI system: what the run provides, such as messages and log
// lines, cannot control a terminal, begin another line, or be a command for a CI system.
// Escape sequences are left out of log lines, and escaped elsewhere. The fields of the
// event are unchanged.
func (e Event) String() string {
	if e.Type == EventLog {
		return printable.Line(e.prefix()) + string(printable.Log(e.Line, false))
	}
	if e.Type == EventWarning { // the rule to add to a Role has several lines
		return printable.Lines(e.text(), "\t")
	}
	return printable.Line(e.text())
}

// Colored is like String, but keeps the colors of a log line, which it resets at the end.
func (e Event) Colored() string {
	if e.Type == EventLog {
		return printable.Line(e.prefix()) + string(printable.Log(e.Line, true))
	}
	return e.String()
}

func (e Event) text() string {
	s := e.subject()
	switch e.Type {
	case EventWarning:
		return "warning: " + s + ": " + e.Message
	case EventRunStarted, EventStepStarted:
		return s + " started"
	case EventTaskStarted:
		if e.Attempt > 1 {
			return fmt.Sprintf("%s started again, attempt %d", s, e.Attempt)
		}
		return s + " started"
	case EventRunWaiting, EventTaskWaiting:
		return s + " is waiting: " + reasonText(e.Reason, e.Message)
	case EventTaskSkipped:
		if e.Message != "" {
			return s + " skipped: " + e.Reason + ": " + e.Message
		}
		return s + " skipped: " + e.Reason
	case EventTaskRetried:
		return fmt.Sprintf("%s failed in attempt %d and will be retried: %s", s, e.Attempt, reasonText(e.Reason, e.Message))
	}
	s += " " + ended(e.State)
	if e.ExitCode != 0 && e.State == StateFailed {
		s += fmt.Sprintf(" with exit code %d", e.ExitCode)
	}
	if e.Duration > 0 {
		s += " after " + e.Duration.String()
	}
	if text := endText(e.State, e.Reason, e.Message, e.Timeout); text != "" {
		s += ": " + text
	}
	return s
}

// endText returns why something ended as it did, if the state alone does not
// make it clear.
func endText(s State, reason, message string, t *Timeout) string {
	switch {
	case s == StateSucceeded, s == StateSkipped, reason == "Error":
		return ""
	case t != nil:
		return limitText(t)
	case s == StateCancelled && (reason == "Cancelled" || reason == "TaskRunCancelled"),
		s == StateTimedOut && reason == "TaskRunTimeout" && message == "":
		return ""
	case s == StateFailed && reason == "Failed" && message != "":
		return strings.TrimSpace(message)
	}
	return reasonText(reason, strings.TrimSpace(message))
}

func limitText(t *Timeout) string {
	if t.Limit == 0 {
		return "the limit set by " + t.Field
	}
	return "the limit of " + t.Limit.String() + " set by " + t.Field
}

// prefix returns the prefix of a log line: [build (os=linux) : compile].
func (e Event) prefix() string {
	s := strings.Join(append(slices.Clip(e.Path), e.Task), "/")
	if len(e.Matrix) > 0 {
		s += " (" + matrixText(e.Matrix) + ")"
	}
	return "[" + s + " : " + e.Step + "] "
}

func ended(s State) string {
	switch s {
	case StateTimedOut:
		return "timed out"
	case StateSucceeded, StateFailed, StateSkipped:
		return strings.ToLower(string(s))
	case StateCancelled:
		return "was cancelled"
	}
	return "ended"
}

func reasonText(reason, message string) string {
	switch {
	case message == "", strings.HasPrefix(message, reason):
		return firstOf(message, reason)
	case reason == "":
		return message
	}
	return reason + ": " + message
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// matrixText formats the params of a matrix combination: os=linux, arch=arm64.
func matrixText(params []v1.Param) string {
	var all []string
	for _, p := range params {
		all = append(all, p.Name+"="+valueText(p.Value))
	}
	return strings.Join(all, ", ")
}

// valueText formats a value as Tekton substitutes it in a script: arrays and
// objects as JSON.
func valueText(v v1.ParamValue) string {
	if v.Type == v1.ParamTypeString || v.Type == "" {
		return v.StringVal
	}
	b, err := v.MarshalJSON()
	if err != nil {
		return ""
	}
	return string(b)
}
