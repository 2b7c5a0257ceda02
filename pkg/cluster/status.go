package cluster

import (
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// State is the state of a run, a task or a step.
type State string

// The states of runs, tasks and steps.
const (
	StatePending   State = "Pending"   // not started
	StateWaiting   State = "Waiting"   // started, but something keeps it from running
	StateRunning   State = "Running"   // running, or between two attempts
	StateSucceeded State = "Succeeded" // completed successfully
	StateFailed    State = "Failed"    // ended for a reason other than those below
	StateCancelled State = "Cancelled" // cancelled, or part of a cancelled run
	StateTimedOut  State = "TimedOut"  // exceeded its own timeout or that of its run
	StateSkipped   State = "Skipped"   // will not run; see the reason
	StateUnknown   State = "Unknown"   // the run refers to it, but it does not exist
)

// Ended reports whether the state is final.
func (s State) Ended() bool {
	switch s {
	case StateSucceeded, StateFailed, StateCancelled, StateTimedOut, StateSkipped:
		return true
	}
	return false
}

// Kinds of runs.
const (
	KindPipelineRun = "PipelineRun"
	KindTaskRun     = "TaskRun"
	KindCustomRun   = "CustomRun"
)

// Status is the status of a run at one moment: its tasks, their runs, and the
// steps of these. All times are according to the server's clock, and zero for what has
// not happened yet.
type Status struct {
	Kind      string // KindPipelineRun or KindTaskRun
	Namespace string
	Name      string
	Ref       string // name of the Pipeline or Task; "" if the run embeds it

	State   State
	Reason  string // Tekton's reason: "Completed", "PipelineRunTimeout", "CouldntGetTask", ...
	Message string // Tekton's message
	Waiting []Reason
	Timeout *Timeout // the timeout that ended the run; nil if none did

	Started  time.Time
	Finished time.Time

	// Results are the results of the Pipeline or Task, in the order of the
	// cluster. The method Result returns a single one.
	Results []Result

	// Tasks are all tasks of the pipeline in its order, the finally tasks last,
	// including those that have not started. A TaskRun has one.
	Tasks []TaskStatus
}

// Reason is a machine-readable reason with a human-readable message.
type Reason struct {
	Reason  string // "Unschedulable", "PullImageFailed", "FailedMount", ...
	Message string
}

// Result is a result of a run. It can have any of the three types.
type Result struct {
	Name  string
	Value v1.ParamValue
}

// Timeout is a timeout that was exceeded.
type Timeout struct {
	Field string // where it is set, such as "spec.timeouts.tasks" of the PipelineRun
	Limit time.Duration
}

// TaskStatus is the status of a pipeline task.
type TaskStatus struct {
	Name        string // in the pipeline
	DisplayName string
	Finally     bool

	State  State
	Reason string // why it was skipped: Tekton's reason or SkippedByEnd; "" if it was not

	// When are the when expressions, if they caused the task to be skipped.
	When []v1.WhenExpression

	// Runs are the runs of the task: none before it starts, and one for each
	// combination of a matrix, in the order of the combinations.
	Runs []RunStatus
}

// SkippedByEnd is the reason of a task that had not started when the run ended,
// and for which Tekton reports no reason, such as a finally task of a run that
// was cancelled immediately. There is no event for it.
const SkippedByEnd = "the run ended before this task could start"

// RunStatus is the status of a TaskRun, CustomRun or PipelineRun of a task.
type RunStatus struct {
	Kind string
	Name string // name of the object

	// Matrix are the params of the run's matrix combination; nil without a
	// matrix.
	Matrix []v1.Param

	// Attempt is the last attempt, which determines the result.
	Attempt

	// Earlier are the failed attempts that were retried, oldest first.
	Earlier []Attempt

	Results []Result
	Ignored bool // it failed, but the pipeline continues because of onError: continue

	// Nested is the status of a nested pipeline's run; nil for other kinds.
	Nested *Status
}

// Attempt is one attempt of a task's run.
type Attempt struct {
	State   State
	Reason  string
	Message string
	Waiting []Reason // what keeps it from running, or kept it until it failed
	Timeout *Timeout // the timeout that ended it; nil if none did

	Pod      string // "" until it is created
	Started  time.Time
	Finished time.Time
	Steps    []StepStatus // in the order of the Task
}

// StepStatus is the status of a step of an attempt.
type StepStatus struct {
	Name      string
	Container string // name of the container in the pod

	State    State
	Reason   string // "Completed", "Error", "OOMKilled", "Continued", "TimeoutExceeded", ...
	ExitCode int32
	Started  time.Time
	Finished time.Time
}

// Result returns the value of a result of the run, and whether the run has it.
func (s Status) Result(name string) (v1.ParamValue, bool) {
	for _, r := range s.Results {
		if r.Name == name {
			return r.Value, true
		}
	}
	return v1.ParamValue{}, false
}

// Task returns the task with that name, and whether there is one.
func (s Status) Task(name string) (TaskStatus, bool) {
	for _, t := range s.Tasks {
		if t.Name == name {
			return t, true
		}
	}
	return TaskStatus{}, false
}

// Duration returns how long the run took, according to the server's clock; 0 if it has
// not ended.
func (s Status) Duration() time.Duration { return between(s.Started, s.Finished) }

// Duration returns how long the attempt took; 0 if it has not ended.
func (a Attempt) Duration() time.Duration { return between(a.Started, a.Finished) }

// Duration returns how long the step took; 0 if it has not ended.
func (s StepStatus) Duration() time.Duration { return between(s.Started, s.Finished) }

func between(from, to time.Time) time.Duration {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return to.Sub(from)
}

// Started returns when the first run of the task started; zero if none has.
func (t TaskStatus) Started() time.Time {
	var first time.Time
	for _, r := range t.Runs {
		started := r.Started
		if len(r.Earlier) > 0 {
			started = r.Earlier[0].Started
		}
		if first.IsZero() || !started.IsZero() && started.Before(first) {
			first = started
		}
	}
	return first
}

// Finished returns when the last run of the task ended; zero if one has not.
func (t TaskStatus) Finished() time.Time {
	var last time.Time
	for _, r := range t.Runs {
		if r.Finished.IsZero() {
			return time.Time{}
		}
		if r.Finished.After(last) {
			last = r.Finished
		}
	}
	return last
}
