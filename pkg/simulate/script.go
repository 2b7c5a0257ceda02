package simulate

import (
	"time"

	"github.com/tekwright/tekwright/pkg/check"
)

// DefaultDuration is how long a task runs if the script does not say otherwise.
const DefaultDuration = 10 * time.Second

// Script describes what happens to a run: how its tasks end, and what somebody does to it
// from outside. The zero value lets every task succeed.
type Script struct {
	// Tasks are the outcomes of pipeline tasks, by the name of the task. The name of a
	// task in a nested pipeline is a path, such as "deploy/apply". A TaskRun has one task,
	// whose name is that of the TaskRun. For each attempt, the first outcome that applies
	// counts. If none does, the task succeeds.
	Tasks map[string][]Outcome `json:"tasks,omitempty"`

	// Params are added to the params of the run, or replace those of the same name. A
	// value is a string, a []string or a map[string]string.
	Params map[string]any `json:"params,omitempty"`

	// Workspaces are the names of workspaces to bind to an emptyDir, in addition to those
	// that the run binds. If a Pipeline or a Task is simulated without a run, all
	// workspaces that are not optional are bound.
	Workspaces []string `json:"workspaces,omitempty"`

	// Cancel, if not nil, cancels the run.
	Cancel *Cancel `json:"cancel,omitempty"`

	// Timeouts, if not nil, replace those of a PipelineRun.
	Timeouts *Timeouts `json:"timeouts,omitempty"`

	// MayFail are tasks that may succeed or fail, by name or path; "*" is every task. [Run]
	// lets them succeed. [All] also tries what happens if one of them fails, in all attempts
	// and combinations.
	MayFail []string `json:"mayFail,omitempty"`

	// Duration is how long tasks run that have no duration of their own. 0 means
	// [DefaultDuration].
	Duration Duration `json:"duration,omitempty"`

	// Profile describes the cluster: its feature flags and defaults. If it is nil, the
	// profile is that of a cluster with default settings.
	Profile *check.Profile `json:"-"`
}

// Outcome is how a task ends. The zero value succeeds, with unknown results.
type Outcome struct {
	// Status is how the task ends. Empty means [Succeed].
	Status Status `json:"status,omitempty"`

	// Attempt limits the outcome to one attempt of a task with retries: 1 is the first
	// one. 0 means all attempts.
	Attempt int `json:"attempt,omitempty"`
	// Combination limits the outcome to one combination of a matrix: 1 is the first one. 0
	// means all combinations.
	Combination int `json:"combination,omitempty"`
	// Params limits the outcome to the combinations of a matrix in which all these params
	// have these values.
	Params map[string]string `json:"params,omitempty"`

	// Results are the results that the task writes: a value is a string, a []string or a
	// map[string]string. A task that succeeds writes an unknown value for each of its
	// other results, and one that fails writes no others.
	Results map[string]any `json:"results,omitempty"`
	// Without lists results that a task which succeeds does not write.
	Without []string `json:"without,omitempty"`

	// Step is the step that fails. Empty means the last one that does not have onError:
	// continue. If this step has it, the task succeeds nevertheless.
	Step string `json:"step,omitempty"`
	// ExitCode is the exit code of the step that fails. 0 means 1.
	ExitCode int32 `json:"exitCode,omitempty"`
	// Message is the message of a task that fails because its pod was evicted, or of a
	// custom task that fails. If it is empty, a step fails, and Tekton writes the message.
	Message string `json:"message,omitempty"`

	// Duration is how long the task runs. 0 means the duration of the script.
	Duration Duration `json:"duration,omitempty"`
}

// Status is how a task ends.
type Status string

const (
	// Succeed is the status of a task that succeeds.
	Succeed Status = "succeed"
	// Fail is the status of a task that fails.
	Fail Status = "fail"
	// TimeOut is the status of a task that does not end by itself. Its timeout or that of
	// the run ends it.
	TimeOut Status = "timeout"
)

// Cancel is the cancellation of a run.
type Cancel struct {
	// After is when the run is canceled, from its start.
	After Duration `json:"after"`
	// Mode is what is written to the field spec.status of the run: Cancelled, which is the
	// default, CancelledRunFinally or StoppedRunFinally. A TaskRun has only the first one,
	// which is then called TaskRunCancelled.
	Mode string `json:"mode,omitempty"`
}

// Timeouts are the timeouts of a PipelineRun. 0 means that of the run.
type Timeouts struct {
	// Pipeline is the timeout of the whole run.
	Pipeline Duration `json:"pipeline,omitempty"`
	// Tasks is the timeout of all tasks but those of finally.
	Tasks Duration `json:"tasks,omitempty"`
	// Finally is the timeout of the tasks of finally.
	Finally Duration `json:"finally,omitempty"`
}

// Duration is a time.Duration that is written as text in JSON, such as "1m30s".
type Duration time.Duration

// String returns the duration as in 1m30s.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText implements [encoding.TextMarshaler].
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if d != nil {
		*d = Duration(parsed)
	}
	return err
}
