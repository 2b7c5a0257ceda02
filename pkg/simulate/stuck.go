package simulate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// invalidResult is the reason of the event that Tekton records at each look at a PipelineRun
// in which a task that is next reads a result that was not written.
const invalidResult = "ResultValidationFailed"

// invalid is a task that Tekton does not start, because it reads a result that was not written.
type invalid struct {
	task string
	err  error
}

// stuck is a PipelineRun in which nothing runs any more, although it is not over.
type stuck struct {
	at    Duration
	tasks []invalid
}

// watching records the tasks that Tekton does not start, and no other events.
type watching struct{ *cluster }

// Event implements record.EventRecorder.
func (watching) Event(runtime.Object, string, string, string) {}

// Eventf implements record.EventRecorder.
func (w watching) Eventf(o runtime.Object, _, reason, _ string, args ...any) {
	m, ok := o.(metav1.Object)
	if !ok || reason != invalidResult || len(args) < 2 {
		return
	}
	task, _ := args[0].(string)
	err, _ := args[1].(error)
	if task != "" && err != nil {
		w.invalid[m.GetName()] = append(w.invalid[m.GetName()], invalid{task, err})
	}
}

// AnnotatedEventf implements record.EventRecorder.
func (watching) AnnotatedEventf(runtime.Object, map[string]string, string, string, string, ...any) {}

// findStuck finds the runs that got stuck at this time: Tekton has done all that it does, and
// a task with a missing result keeps it from starting the others. It forgets between two looks
// that this task has failed: those of finally wait for tasks that are never started.
func (m *machine) findStuck() {
	for name, tasks := range m.invalid {
		pr := m.pipelineRun(name)
		if pr == nil || pr.IsDone() || m.stuck[name] != nil || m.working(pr) {
			continue
		}
		m.stuck[name] = &stuck{since(&metav1.Time{Time: m.clock.Now()}), tasks}
	}
}

// working reports whether something of the run is not done.
func (m *machine) working(pr *v1.PipelineRun) bool {
	return slices.ContainsFunc(pr.Status.ChildReferences, func(c v1.ChildStatusReference) bool {
		switch c.Kind {
		case "TaskRun":
			tr := m.taskRun(c.Name)
			return tr != nil && !tr.IsDone()
		case "CustomRun":
			cr := m.custom(c.Name)
			return cr != nil && !cr.IsDone()
		}
		nested := m.pipelineRun(c.Name)
		return nested != nil && !nested.IsDone()
	})
}

// stuckNotes say why nothing runs any more in a run, and what to do about it.
func (m *machine) stuckNotes(pr *v1.PipelineRun, tasks []Task) (notes []Note) {
	s := m.stuck[pr.Name]
	if s == nil {
		return nil
	}
	var waiting []string
	until := "until somebody cancels the run, as it has no timeout"
	end := m.ended(pr.Status.CompletionTime)
	for _, t := range tasks {
		own := slices.ContainsFunc(s.tasks, func(i invalid) bool { return i.task == t.Name })
		if !own && (len(t.Runs) == 0 || t.Start > s.at) {
			waiting = append(waiting, t.Name)
		}
		if len(t.Runs) > 0 && t.Start > s.at {
			end = min(end, t.Start) // after the timeout of the tasks
		}
	}
	if pr.IsDone() {
		until = "until " + end.String()
	}
	in := m.prefix[pr.Name]
	for _, i := range s.tasks {
		text := fmt.Sprintf("nothing runs from %s %s. ", s.at, until)
		if missing, ok := errors.AsType[*resources.MissingResultFromCompletedTaskError](i.err); ok {
			text += fmt.Sprintf("Task %q reads result %q of task %q, which did not write it. ", in+i.task, missing.Result, in+missing.Task)
		} else {
			text += fmt.Sprintf("Task %q reads a result that was not written: %s. ", in+i.task, strings.TrimSuffix(i.err.Error(), "."))
		}
		if len(waiting) > 0 {
			text += "Tekton does not start " + strings.Join(waiting, ", ") + " then, and does not end the run either. "
		}
		text += fmt.Sprintf("Write the result in any case, also if it is empty, or set onError: continue for task %q, which is then skipped", in+i.task)
		notes = append(notes, Note{NoteStuck, in + i.task, text})
	}
	return notes
}
