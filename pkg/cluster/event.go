package cluster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// EventType is what an Event tells.
type EventType string

// The types of events.
const (
	EventRunStarted   EventType = "RunStarted"
	EventRunWaiting   EventType = "RunWaiting"   // the run as a whole cannot start: Reason and Message say why
	EventRunFinished  EventType = "RunFinished"  // the last event of a run
	EventTaskStarted  EventType = "TaskStarted"  // an attempt of a task: see Event.Attempt
	EventTaskWaiting  EventType = "TaskWaiting"  // an attempt cannot start: Reason and Message say why
	EventTaskRetried  EventType = "TaskRetried"  // an attempt failed, and another will be made
	EventTaskFinished EventType = "TaskFinished" // the last attempt ended
	// EventTaskSkipped says that the task will not run: Reason says why, as Tekton
	// saw it then. The Status at the end may name another reason, which counts.
	EventTaskSkipped  EventType = "TaskSkipped"
	EventStepStarted  EventType = "StepStarted"
	EventStepFinished EventType = "StepFinished"
	EventLog          EventType = "Log"     // a line that a step wrote
	EventWarning      EventType = "Warning" // something cannot be told, such as logs for want of rights
)

// Event is something that happened in a run. Fields that do not apply are zero.
type Event struct {
	Type EventType
	Time time.Time // by the server's clock; zero where the server tells none

	// Path are the tasks that lead to a pipeline in a pipeline, outermost first;
	// nil for the run itself.
	Path    []string
	Task    string // in the pipeline
	Finally bool
	Kind    string     // of the object that Run names
	Run     string     // the TaskRun, CustomRun or PipelineRun
	Matrix  []v1.Param // the params of the combination, in a matrix
	Attempt int        // 1 for the first
	Step    string

	State    State // what has become of the run, task or step
	Reason   string
	Message  string // of a task that is skipped by when: the expressions
	ExitCode int32  // of a step
	Line     string // of a log, without its line break
	Took     time.Duration
	Timeout  *Timeout // the limit that ended it; nil if none did
}

// Subject names what the event is about: task "build" (os=linux), step "compile".
func (e Event) Subject() string {
	if e.Task == "" {
		return e.Kind + " " + strconv.Quote(e.Run)
	}
	s := "task " + strconv.Quote(strings.Join(append(slices.Clip(e.Path), e.Task), "/"))
	if len(e.Matrix) > 0 {
		s += " (" + matrixText(e.Matrix) + ")"
	}
	if e.Step != "" {
		s += ", step " + strconv.Quote(e.Step)
	}
	return s
}

// String says in one line what happened, without the time.
func (e Event) String() string {
	s := e.Subject()
	switch e.Type {
	case EventLog:
		return e.prefix() + e.Line
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
		return s + " waits: " + reasonText(e.Reason, e.Message)
	case EventTaskSkipped:
		if e.Message != "" {
			return s + " skipped: " + e.Reason + ": " + e.Message
		}
		return s + " skipped: " + e.Reason
	case EventTaskRetried:
		return fmt.Sprintf("%s failed in attempt %d and is retried: %s", s, e.Attempt, reasonText(e.Reason, e.Message))
	}
	s += " " + ended(e.State)
	if e.ExitCode != 0 && e.State == StateFailed {
		s += fmt.Sprintf(" with exit code %d", e.ExitCode)
	}
	if e.Took > 0 {
		s += " after " + e.Took.String()
	}
	if text := endText(e.State, e.Reason, e.Message, e.Timeout); text != "" {
		s += ": " + text
	}
	return s
}

// endText says why something ended as it did, where the state does not say it.
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

// prefix is what stands before a line of a log: [build (os=linux) : compile].
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

// matrixText writes the params of a combination: os=linux, arch=arm64.
func matrixText(params []v1.Param) string {
	var all []string
	for _, p := range params {
		all = append(all, p.Name+"="+valueText(p.Value))
	}
	return strings.Join(all, ", ")
}

// valueText writes a value as Tekton would put it into a script: arrays and
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
