package cluster

import (
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// State is what has become of a run, a task or a step.
type State string

const (
	StatePending   State = "Pending"   // not begun: its turn has not come
	StateWaiting   State = "Waiting"   // begun, but something keeps it from running
	StateRunning   State = "Running"   // runs, or is between two attempts
	StateSucceeded State = "Succeeded" // to the end
	StateFailed    State = "Failed"    // for any other reason than those below
	StateCancelled State = "Cancelled" // by somebody, or with the run that it belongs to
	StateTimedOut  State = "TimedOut"  // by a limit of its own, or of the run that it belongs to
	StateSkipped   State = "Skipped"   // will not run, and the reason says why
	StateUnknown   State = "Unknown"   // the run names it, and the cluster does not have it
)

// Ended tells whether the state is final.
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

// Status is a run at one moment: a tree of tasks, their runs, and their steps.
// All times are the server's, and zero for what has not happened.
type Status struct {
	Kind      string // KindPipelineRun or KindTaskRun
	Namespace string
	Name      string
	Of        string // the Pipeline or Task that it is a run of; "" if the run embeds it

	State   State
	Reason  string // Tekton's reason: "Completed", "PipelineRunTimeout", "CouldntGetTask", ...
	Message string // Tekton's message
	Waiting []Reason
	Timeout *Timeout // the limit that ended the run; nil if none did

	Started  time.Time
	Finished time.Time

	// Results are those of the Pipeline, or of the Task; in the order in which
	// the cluster has them. Read one by Result.
	Results []Result

	// Tasks are the tasks of the pipeline in the order in which it lists them,
	// those of finally last; also those that have not begun. A TaskRun has one.
	Tasks []TaskStatus
}

// Reason is a word for programs and a sentence for people.
type Reason struct {
	Reason  string // "Unschedulable", "PullImageFailed", "FailedMount", ...
	Message string
}

// Result is a result of a run, of any of the three types.
type Result struct {
	Name  string
	Value v1.ParamValue
}

// Timeout is a limit that was reached.
type Timeout struct {
	Field string // where it is set: "spec.timeouts.tasks" of the PipelineRun, ...
	Limit time.Duration
}

// TaskStatus is a task of a pipeline.
type TaskStatus struct {
	Name        string // in the pipeline
	DisplayName string
	Finally     bool

	State  State
	Reason string // why it was skipped, in Tekton's words, or SkippedByEnd; "" otherwise

	// When are the expressions that guard a task that was skipped by them.
	When []v1.WhenExpression

	// Runs are the runs that were made of the task: none before its turn, one
	// for each combination of a matrix, in the order of the combinations.
	Runs []RunStatus
}

// SkippedByEnd is why a task is skipped of which Tekton says nothing: its turn
// had not come when the run ended, as that of finally in a run that was
// cancelled at once. The end of the run tells it; there is no event of its own.
const SkippedByEnd = "the run ended before its turn"

// RunStatus is a TaskRun, a CustomRun or a PipelineRun of a task.
type RunStatus struct {
	Kind string
	Name string // of the object

	// Matrix are the params of this combination of a matrix; nil without one.
	Matrix []v1.Param

	// Attempt is the last attempt, which is the one that counts.
	Attempt

	// Earlier are the attempts that failed and were retried, oldest first.
	Earlier []Attempt

	Results []Result
	Ignored bool // it failed, and the pipeline goes on: onError: continue

	// Nested is the run of a pipeline in a pipeline; nil for other kinds.
	Nested *Status
}

// Attempt is one try of a TaskRun.
type Attempt struct {
	State   State
	Reason  string
	Message string
	Waiting []Reason // what keeps it from running, or kept it so that it failed
	Timeout *Timeout // the limit that ended it; nil if none did

	Pod      string // "" before there is one
	Started  time.Time
	Finished time.Time
	Steps    []StepStatus // in the order of the Task
}

// StepStatus is a step of an attempt.
type StepStatus struct {
	Name      string
	Container string // in the pod

	State    State
	Reason   string // "Completed", "Error", "OOMKilled", "Continued", "TimeoutExceeded", ...
	ExitCode int32
	Started  time.Time
	Finished time.Time
}

// Result returns the value of a result of the run, and whether it has one.
func (s Status) Result(name string) (v1.ParamValue, bool) {
	for _, r := range s.Results {
		if r.Name == name {
			return r.Value, true
		}
	}
	return v1.ParamValue{}, false
}

// Task returns the task of that name.
func (s Status) Task(name string) (TaskStatus, bool) {
	for _, t := range s.Tasks {
		if t.Name == name {
			return t, true
		}
	}
	return TaskStatus{}, false
}

// Duration is how long the run took, by the server's clock; 0 while it runs.
func (s Status) Duration() time.Duration { return between(s.Started, s.Finished) }

// Duration is how long the attempt took; 0 while it runs.
func (a Attempt) Duration() time.Duration { return between(a.Started, a.Finished) }

// Duration is how long the step took; 0 while it runs.
func (s StepStatus) Duration() time.Duration { return between(s.Started, s.Finished) }

func between(from, to time.Time) time.Duration {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return to.Sub(from)
}

// Started is when the first run of the task began; zero if none has.
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

// Finished is when the last run of the task ended; zero while one has not.
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
