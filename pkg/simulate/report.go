package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"knative.dev/pkg/apis"
)

// report reads what happened from the objects.
func (m *machine) report() *Result {
	var r *Result
	if m.root.kind == "TaskRun" {
		r = m.reportTaskRun(m.taskRun(m.root.name))
	} else {
		r = m.reportPipelineRun(m.pipelineRun(m.root.name))
	}
	if r.Condition.Status == "Unknown" {
		r.Notes = append(r.Notes, Note{NoteEndless, "", "the run does not end: nothing more happens, and no timeout applies"})
	}
	r.Notes = append(slices.Clone(m.plan.notes), r.Notes...)
	slices.SortStableFunc(r.Notes, func(a, b Note) int { return cmp.Compare(a.Code.rank(), b.Code.rank()) })
	return r
}

// since is a time from the start of the run.
func since(t *metav1.Time) Duration {
	if t == nil || t.IsZero() {
		return 0
	}
	return Duration(t.Sub(epoch).Truncate(time.Millisecond)) // a timer that is just over is on time
}

// conditionOf is the condition Succeeded.
func conditionOf(c *apis.Condition) Condition {
	if c == nil {
		return Condition{Status: "Unknown"}
	}
	return Condition{string(c.Status), c.Reason, c.Message}
}

// reportTaskRun is the result of a TaskRun.
func (m *machine) reportTaskRun(tr *v1.TaskRun) *Result {
	run := m.runOfTask(tr)
	t := Task{Name: tr.Name, Type: TypeTask, Runs: []TaskRun{run}}
	if of := m.plan.tasks[tr.Name]; of != nil {
		t.Ref, t.Assumed = of.ref, of.assumed
	}
	t.sum()
	return &Result{
		Kind: "TaskRun", Name: tr.Name, Tasks: []Task{t}, Results: run.Results,
		Condition: run.Condition, Duration: run.End - run.Start,
	}
}

// reportPipelineRun is the result of a PipelineRun.
func (m *machine) reportPipelineRun(pr *v1.PipelineRun) *Result {
	r := &Result{Kind: "PipelineRun", Name: pr.Name, Condition: conditionOf(pr.Status.GetCondition(apis.ConditionSucceeded))}
	if pr.Spec.PipelineRef != nil {
		r.Pipeline = pr.Spec.PipelineRef.Name
	}
	end := since(&metav1.Time{Time: m.clock.Now()})
	if pr.Status.CompletionTime != nil {
		end = since(pr.Status.CompletionTime)
	}
	r.Duration = end - since(pr.Status.StartTime)
	for _, res := range pr.Status.Results {
		r.Results = append(r.Results, Value{res.Name, plain(res.Value)})
	}
	spec := pr.Status.PipelineSpec
	if spec == nil {
		spec = pr.Spec.PipelineSpec
	}
	if spec != nil {
		for _, t := range spec.Tasks {
			r.Tasks = append(r.Tasks, m.reportTask(pr, t, false))
		}
		for _, t := range spec.Finally {
			r.Tasks = append(r.Tasks, m.reportTask(pr, t, true))
		}
	}
	slices.SortStableFunc(r.Tasks, func(a, b Task) int {
		if d := cmp.Compare(min(1, len(b.Runs)), min(1, len(a.Runs))); d != 0 || len(a.Runs) == 0 {
			return d
		}
		return cmp.Compare(a.Start, b.Start)
	})
	beside(r.Tasks)
	explainSkips(pr.Status.PipelineSpec, r.Tasks)
	r.Notes = append(m.stuckNotes(pr, r.Tasks), m.open(pr, r)...)
	return r
}

// reportTask is what happened to a pipeline task.
func (m *machine) reportTask(pr *v1.PipelineRun, pt v1.PipelineTask, finally bool) Task {
	path := m.prefix[pr.Name] + pt.Name
	t := Task{Name: pt.Name, Finally: finally, Type: TypeTask, State: StateNotStarted}
	if !finally {
		t.After = slices.Compact(slices.Sorted(slices.Values(pt.Deps())))
	}
	if of := m.plan.tasks[path]; of != nil {
		t.Type, t.Ref, t.Assumed = of.kind, of.ref, of.assumed
	}
	for _, child := range pr.Status.ChildReferences {
		if child.PipelineTaskName != pt.Name {
			continue
		}
		switch child.Kind {
		case "TaskRun":
			if tr := m.taskRun(child.Name); tr != nil {
				t.Runs = append(t.Runs, m.runOfTask(tr))
			}
		case "CustomRun":
			if cr := m.custom(child.Name); cr != nil {
				t.Runs = append(t.Runs, m.runOfCustom(cr))
			}
		case "PipelineRun":
			if nested := m.pipelineRun(child.Name); nested != nil {
				t.Runs = append(t.Runs, m.runOfPipeline(nested))
			}
		}
	}
	slices.SortStableFunc(t.Runs, func(a, b TaskRun) int { return cmp.Compare(a.Combination, b.Combination) })
	t.sum()
	for _, s := range pr.Status.SkippedTasks {
		if s.Name == pt.Name && len(t.Runs) == 0 {
			t.State, t.Reason = StateSkipped, string(s.Reason)
		}
	}
	if len(t.Runs) > 0 || t.State == StateSkipped {
		t.When = m.whenOf(pr, pt, t)
	}
	return t
}

// sum derives the state of a task from those of its runs.
func (t *Task) sum() {
	if len(t.Runs) == 0 {
		return
	}
	t.State, t.Start = StateSucceeded, t.Runs[0].Start
	decisive := t.Runs[0].Condition
	for _, r := range t.Runs {
		t.Start, t.End = min(t.Start, r.Start), max(t.End, r.End)
		switch {
		case r.Condition.Status == "False" && t.State != StateFailed:
			t.State, decisive = StateFailed, r.Condition
		case r.Condition.Status == "Unknown" && t.State == StateSucceeded:
			t.State, decisive = StateRunning, r.Condition
		}
	}
	t.Reason, t.Message = decisive.Reason, decisive.Message
}

// beside finds the tasks that ran at the same time.
func beside(tasks []Task) {
	for i := range tasks {
		for j, other := range tasks {
			a := &tasks[i]
			if i != j && len(a.Runs) > 0 && len(other.Runs) > 0 && a.Start < other.End && other.Start < a.End {
				a.Beside = append(a.Beside, other.Name)
			}
		}
	}
}

// open notes where the run could go another way.
func (m *machine) open(pr *v1.PipelineRun, r *Result) (notes []Note) {
	for _, t := range r.Tasks {
		path := m.prefix[pr.Name] + t.Name
		for _, w := range t.When {
			if w.Open {
				notes = append(notes, Note{NoteOpen, path, "the when expression depends on a value that is not known: " + w.String()})
			}
		}
		for _, run := range t.Runs {
			if run.Nested != nil {
				notes = append(notes, run.Nested.Notes...)
				run.Nested.Notes = nil
			}
		}
		if m.plan.tasks[path] == nil {
			continue
		}
		if name := m.lengthUnknown(pr, t); name != "" {
			notes = append(notes, Note{NoteLength, path, fmt.Sprintf("the matrix has an array of unknown length, %s: one item is assumed", name)})
		}
	}
	return notes
}

// lengthUnknown returns the array of unknown length in the matrix of a task, or "".
func (m *machine) lengthUnknown(pr *v1.PipelineRun, t Task) string {
	for _, pt := range tasksOf(pr.Status.PipelineSpec) {
		if pt.Name != t.Name || pt.Matrix == nil {
			continue
		}
		for _, p := range pt.Matrix.Params {
			for _, run := range t.Runs {
				if s, _ := valueOf(run.Params, p.Name).(string); item.MatchString(s) {
					return item.FindString(s)
				}
			}
		}
	}
	return ""
}

// String returns the expression as a reader of YAML knows it.
func (w When) String() string {
	if w.CEL != "" {
		return w.CEL
	}
	return fmt.Sprintf("%q %s %q", w.Input, w.Operator, w.Values)
}
