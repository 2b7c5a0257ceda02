package cluster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Outcome is the result of a run.
type Outcome struct {
	Status // includes the results

	// Failures are the tasks that made the run fail, in the order of their
	// failures, without those that the pipeline ignores. It is empty if the run
	// failed as a whole; see Status.Reason and Status.Message.
	Failures []TaskFailure

	// Warnings describe missing information, such as logs without permission to
	// read them.
	Warnings []string
}

// TaskFailure is a task that failed.
type TaskFailure struct {
	Path     []string // the tasks that lead to a nested pipeline; nil for tasks of the run itself
	Task     string
	Finally  bool
	Position diag.Position // where the task is defined, if the run was started by Start

	Kind     string // kind of Run
	Run      string
	Matrix   []v1.Param // params of the matrix combination, if any
	Attempts int        // number of attempts

	State   State // StateFailed, StateTimedOut or StateCancelled
	Reason  string
	Message string
	Timeout *Timeout // nil unless a timeout was exceeded

	Pod      string
	Step     string // "" if no step failed
	ExitCode int32
	Waited   []Reason // what kept it from starting, as far as known
	Log      []string // the last log lines of the step
	LogError string   // why Log is empty; "" if it is not
}

// OutcomeOf returns the outcome for a status, without log lines of failed
// steps.
func OutcomeOf(s Status) Outcome {
	o := Outcome{Status: s}
	if s.State.Ended() {
		o.Failures = failures(s, nil)
	}
	return o
}

// Succeeded reports whether the run succeeded.
func (o Outcome) Succeeded() bool { return o.State == StateSucceeded }

// Skipped returns the tasks that were skipped. TaskStatus.Reason says why.
func (o Outcome) Skipped() []TaskStatus {
	var skipped []TaskStatus
	for _, t := range o.Tasks {
		if t.State == StateSkipped {
			skipped = append(skipped, t)
		}
	}
	return skipped
}

// Err returns a *RunError unless the run succeeded.
func (o Outcome) Err() error {
	if o.Succeeded() {
		return nil
	}
	return &RunError{o}
}

// RunError reports that a run did not succeed.
type RunError struct {
	Outcome Outcome
}

// Error returns a message with the failed tasks and steps, their exit codes,
// the reasons, and the last log lines. Like [Event.String], it can be written to a
// terminal.
func (e *RunError) Error() string {
	if e == nil {
		return absent
	}
	o := e.Outcome
	if !o.State.Ended() {
		return printable.Sprintf("%s %q has not ended", o.Kind, o.Name)
	}
	s := printable.Sprintf("%s %q %s", o.Kind, o.Name, ended(o.State))
	if len(o.Failures) == 0 || o.State != StateFailed {
		if text := endText(o.State, o.Reason, o.Message, o.Timeout); text != "" {
			s += ": " + printable.Line(text)
		}
	}
	for _, f := range o.Failures {
		s += "\n\t" + strings.ReplaceAll(f.String(), "\n", "\n\t")
	}
	return s
}

// String returns a description of the failure that ends with the last log
// lines. Like [Event.String], it can be written to a terminal.
func (f TaskFailure) String() string {
	name := Event{Path: f.Path, Task: f.Task, Matrix: f.Matrix, Step: f.Step}
	s := at(f.Position, name.Subject()) + " " + ended(f.State)
	if f.ExitCode != 0 {
		s += fmt.Sprintf(" with exit code %d", f.ExitCode)
	}
	if f.Step == "" || f.ExitCode == 0 || f.Reason != string(v1.TaskRunReasonStepFailed) { // the exit code is clear enough
		if text := endText(f.State, f.Reason, f.Message, f.Timeout); text != "" {
			s += ": " + printable.Line(text)
		}
	}
	s += "\n\t" + printable.Line(f.Kind+" "+quote(f.Run))
	if f.Attempts > 1 {
		s += fmt.Sprintf(", attempt %d", f.Attempts)
	}
	switch {
	case len(f.Log) > 0:
		s += ", last lines of the log:"
		for _, line := range f.Log {
			s += "\n\t\t" + string(printable.Log(line, false))
		}
	case f.LogError != "":
		s += ", no log: " + printable.Line(f.LogError)
	}
	for _, w := range f.Waited {
		s += "\n\twas waiting: " + printable.Line(reasonText(w.Reason, w.Message))
	}
	return s
}

// failures returns the failures of a run.
func failures(s Status, path []string) []TaskFailure {
	var all []TaskFailure
	for _, t := range s.Tasks {
		for _, r := range t.Runs {
			if r.Ignored || !r.State.Ended() || r.State == StateSucceeded ||
				r.State == StateCancelled && s.State != StateFailed { // cancelled with the run
				continue
			}
			if r.Nested != nil {
				if inner := failures(*r.Nested, append(slices.Clone(path), t.Name)); len(inner) > 0 {
					all = append(all, inner...)
					continue
				}
			}
			f := TaskFailure{
				Path: path, Task: t.Name, Finally: t.Finally, Kind: r.Kind, Run: r.Name, Matrix: r.Matrix,
				Attempts: len(r.Earlier) + 1, State: r.State, Reason: r.Reason, Message: r.Message,
				Timeout: r.Timeout, Pod: r.Pod, Waited: r.Waiting,
			}
			if step, has := failedStep(r.Attempt); has {
				f.Step, f.ExitCode = step.Name, step.ExitCode
				if r.State != StateFailed { // it was killed, and its exit code is meaningless
					f.ExitCode = 0
				}
			}
			all = append(all, f)
		}
	}
	if path == nil {
		finished := map[string]int64{}
		for _, t := range s.Tasks {
			for _, r := range t.Runs {
				finished[t.Name] = max(finished[t.Name], r.Finished.Unix())
			}
		}
		slices.SortStableFunc(all, func(a, b TaskFailure) int { return cmp.Compare(finished[top(a)], finished[top(b)]) })
	}
	return all
}

// top returns the task of the outermost pipeline.
func top(f TaskFailure) string {
	if len(f.Path) > 0 {
		return f.Path[0]
	}
	return f.Task
}

// failedStep returns the step that ended an attempt: the first that failed and
// was not allowed to fail.
func failedStep(a Attempt) (StepStatus, bool) {
	for _, s := range a.Steps {
		if (s.State == StateFailed || s.State == StateTimedOut || s.State == StateCancelled) && s.Reason != "Continued" && !s.Started.IsZero() {
			return s, true
		}
	}
	return StepStatus{}, false
}
