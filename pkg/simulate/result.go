package simulate

import (
	"slices"
	"strings"
)

// Result is what Tekton does with a run. As JSON, it has the names in the tags of its
// fields, which are stable: later versions may add fields.
type Result struct {
	// Kind is PipelineRun or TaskRun.
	Kind string `json:"kind"`
	// Name is the name of the run.
	Name string `json:"name"`
	// Pipeline is the name of the Pipeline, if it has one.
	Pipeline string `json:"pipeline,omitempty"`

	// Tasks are the pipeline tasks: those that ran in the order in which they started,
	// and then those that did not run in the order of the Pipeline. A TaskRun has one.
	Tasks []Task `json:"tasks"`

	// Results are the results of the run.
	Results []Value `json:"results,omitempty"`

	// Condition is the condition Succeeded at the end. Its status is Unknown if the run
	// does not end.
	Condition Condition `json:"condition"`

	// Duration is how long the run takes.
	Duration Duration `json:"duration"`

	// Notes say what was assumed, and where the run could go another way.
	Notes []Note `json:"notes,omitempty"`
}

// Task is what happens to a pipeline task.
type Task struct {
	// Name is the name of the pipeline task.
	Name string `json:"name"`
	// Type is what runs.
	Type TaskType `json:"type"`
	// Finally reports whether the task is in the finally section.
	Finally bool `json:"finally,omitempty"`
	// Ref is the name of the Task, the Pipeline or the custom task, if it has one.
	Ref string `json:"ref,omitempty"`
	// After are the tasks that it waits for, because of runAfter or of their results. A task
	// of the finally section waits for all others, which are not listed.
	After []string `json:"after,omitempty"`
	// Assumed reports whether the Task is not in the set, so that its params and results
	// are those that the pipeline uses.
	Assumed bool `json:"assumed,omitempty"`

	// State is what became of the task.
	State State `json:"state"`
	// Reason is why the task was skipped, in the words of Tekton, or the reason of the
	// condition of its first combination that did not succeed, or else of the first one.
	Reason string `json:"reason,omitempty"`
	// Message is the message that belongs to the reason. For a skipped task, it names the tasks
	// and the results because of which it was skipped, if it was because of others.
	Message string `json:"message,omitempty"`

	// When are the when expressions, with the values that were compared.
	When []When `json:"when,omitempty"`

	// Start and End are when the task started and ended, from the start of the run.
	Start Duration `json:"start"`
	End   Duration `json:"end"`
	// Beside are the tasks that ran at the same time at some point.
	Beside []string `json:"beside,omitempty"`

	// Runs are the runs of the task: one, or one for each combination of a matrix. A task
	// that did not start has none.
	Runs []TaskRun `json:"runs,omitempty"`
}

// TaskType is what a pipeline task runs.
type TaskType string

const (
	// TypeTask is the type of a task that runs a Task in a pod.
	TypeTask TaskType = "task"
	// TypeCustom is the type of a task that another controller runs, as a CustomRun.
	TypeCustom TaskType = "custom"
	// TypePipeline is the type of a task that runs another Pipeline.
	TypePipeline TaskType = "pipeline"
)

// State is what became of a task.
type State string

const (
	// StateSucceeded is the state of a task whose runs all succeeded.
	StateSucceeded State = "succeeded"
	// StateFailed is the state of a task with a run that failed, was canceled or timed out.
	StateFailed State = "failed"
	// StateSkipped is the state of a task that Tekton skipped, which has a reason.
	StateSkipped State = "skipped"
	// StateNotStarted is the state of a task that was still to come when the run ended,
	// and of which Tekton says nothing.
	StateNotStarted State = "not-started"
	// StateRunning is the state of a task that never ends.
	StateRunning State = "running"
)

// TaskRun is a run of a task: a TaskRun, a CustomRun, or a PipelineRun.
type TaskRun struct {
	// Name is the name of the object.
	Name string `json:"name"`
	// Combination is the number of the combination of the matrix, from 1, or 0.
	Combination int `json:"combination,omitempty"`
	// Params are the params, with all variables replaced.
	Params []Value `json:"params,omitempty"`
	// Results are the results.
	Results []Value `json:"results,omitempty"`
	// Condition is the condition Succeeded.
	Condition Condition `json:"condition"`
	// Start and End are when it started and ended, from the start of the outermost run.
	Start Duration `json:"start"`
	End   Duration `json:"end"`
	// Attempts are the attempts, of which the last one decides.
	Attempts []Attempt `json:"attempts,omitempty"`
	// Nested is what happened inside, if it is the run of a Pipeline. Its times are also
	// from the start of the outermost run.
	Nested *Result `json:"nested,omitempty"`
}

// Attempt is an attempt to run a task.
type Attempt struct {
	Condition Condition `json:"condition"`
	Start     Duration  `json:"start"`
	End       Duration  `json:"end"`
}

// Condition is the condition Succeeded of a run.
type Condition struct {
	// Status is True, False or Unknown.
	Status string `json:"status"`
	// Reason is the reason in one word, such as Completed or Failed.
	Reason string `json:"reason,omitempty"`
	// Message is the message for people.
	Message string `json:"message,omitempty"`
}

// When is a when expression.
type When struct {
	// Input, Operator and Values are the expression with all variables replaced.
	Input    string   `json:"input,omitempty"`
	Operator string   `json:"operator,omitempty"`
	Values   []string `json:"values,omitempty"`
	// CEL is a CEL expression with all variables replaced, instead of the three.
	CEL string `json:"cel,omitempty"`
	// Variables are the variables of the expression, such as $(params.branch), whose values were
	// compared.
	Variables []string `json:"variables,omitempty"`
	// True reports whether the expression is true. JSON has no such field if it was not
	// evaluated.
	True bool `json:"true"`
	// NotEvaluated reports whether Tekton skipped the task before it evaluated the expression,
	// which may then contain variables.
	NotEvaluated bool `json:"notEvaluated,omitempty"`
	// Open reports whether the decision depends on a value that is not known.
	Open bool `json:"open,omitempty"`
}

// Value is a param or a result.
type Value struct {
	Name string `json:"name"`
	// Value is a string, a []string or a map[string]string.
	Value any `json:"value"`
}

// Note is something that a reader of a result should know.
type Note struct {
	// Code is what the note is about.
	Code NoteCode `json:"code"`
	// Task is the pipeline task, as a path, or empty.
	Task string `json:"task,omitempty"`
	// Message is a sentence.
	Message string `json:"message"`
}

// NoteCode is what a note is about.
type NoteCode string

const (
	// NoteAssumed is about a Task that is not in the set.
	NoteAssumed NoteCode = "task-assumed"
	// NoteOpen is about a decision that depends on a value that is not known.
	NoteOpen NoteCode = "decision-open"
	// NoteLength is about a matrix over an array of unknown length.
	NoteLength NoteCode = "length-unknown"
	// NoteParam is about a param that is not known.
	NoteParam NoteCode = "param-unknown"
	// NoteWorkspace is about a workspace that was bound to an emptyDir.
	NoteWorkspace NoteCode = "workspace-assumed"
	// NoteEndless is about a run that does not end.
	NoteEndless NoteCode = "run-endless"
	// NoteStuck is about a run in which nothing runs any more, although it has not ended: a
	// task reads a result that was not written, and Tekton starts no other task.
	NoteStuck NoteCode = "run-stuck"
	// NoteFailures is about failures that [All] does not try.
	NoteFailures NoteCode = "failures-limited"
)

// rank puts what is wrong with a run before what is assumed.
func (c NoteCode) rank() int {
	if c == NoteStuck || c == NoteEndless {
		return 0
	}
	return 1
}

// Ran returns the names of the tasks that ran, in the order in which they started.
func (r *Result) Ran() []string { return r.names(func(t Task) bool { return len(t.Runs) > 0 }) }

// Skipped returns the names of the tasks that Tekton skipped, in the order of the Pipeline.
func (r *Result) Skipped() []string {
	return r.names(func(t Task) bool { return t.State == StateSkipped })
}

// Failed returns the names of the tasks that failed, in the order in which they started.
func (r *Result) Failed() []string {
	return r.names(func(t Task) bool { return t.State == StateFailed })
}

// Succeeded reports whether the run succeeded.
func (r *Result) Succeeded() bool { return r != nil && r.Condition.Status == "True" }

// Task returns the pipeline task of the name, or the zero Task if there is none. The name of
// a task in a nested pipeline is a path, such as "deploy/apply".
func (r *Result) Task(name string) Task {
	if r == nil {
		return Task{}
	}
	name, inner, nested := strings.Cut(name, "/")
	i := slices.IndexFunc(r.Tasks, func(t Task) bool { return t.Name == name })
	switch {
	case i < 0:
		return Task{}
	case !nested:
		return r.Tasks[i]
	case len(r.Tasks[i].Runs) == 0:
		return Task{}
	}
	return r.Tasks[i].Runs[0].Nested.Task(inner)
}

// Param returns a param of the first run of the task: a string, a []string or a
// map[string]string, or nil.
func (t Task) Param(name string) any {
	if len(t.Runs) == 0 {
		return nil
	}
	return valueOf(t.Runs[0].Params, name)
}

// Result returns a result of the first run of the task: a string, a []string or a
// map[string]string, or nil.
func (t Task) Result(name string) any {
	if len(t.Runs) == 0 {
		return nil
	}
	return valueOf(t.Runs[0].Results, name)
}

// Result returns a result of the run: a string, a []string or a map[string]string, or nil.
func (r *Result) Result(name string) any {
	if r == nil {
		return nil
	}
	return valueOf(r.Results, name)
}

func valueOf(values []Value, name string) any {
	for _, v := range values {
		if v.Name == name {
			return v.Value
		}
	}
	return nil
}

func (r *Result) names(of func(Task) bool) (names []string) {
	if r == nil {
		return nil
	}
	for _, t := range r.Tasks {
		if of(t) {
			names = append(names, t.Name)
		}
	}
	return names
}
