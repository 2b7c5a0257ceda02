package order

import (
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
)

// filler is a task that may write to a workspace of the pipeline.
type filler struct {
	task *facts.PipelineTask
	sub  string // of the workspace
}

// fillers are the tasks that may write to each workspace of a pipeline; nil if none of them
// checks out a repository and can be skipped, or if there are very many matrices.
type fillers struct {
	of       map[string][]filler
	matrices []*facts.PipelineTask
	emptied  map[*facts.PipelineTask][]*facts.PipelineTask // matrices without combinations if it is skipped
}

// maxFillers limits the tasks that are kept of one workspace, and the matrices.
const maxFillers = 64

// filling returns the tasks that may write to the workspaces of a pipeline.
func filling(s *facts.PipelineSpec) *fillers {
	if !slices.ContainsFunc(s.Tasks, skippableCheckout) {
		return nil
	}
	out := &fillers{of: map[string][]filler{}, emptied: map[*facts.PipelineTask][]*facts.PipelineTask{}}
	for _, t := range s.Tasks {
		if t.Finally || s.Task(t.Name) != t {
			continue
		}
		if t.IsMatrixed() {
			if out.matrices = append(out.matrices, t); len(out.matrices) > maxFillers {
				return nil
			}
		}
		bound := t.BoundByTask()
		for i := range bound {
			name := facts.From(&bound[i])
			if d := t.Runs.Workspace(bound[i].Name); (d == nil || !d.ReadOnly) && len(out.of[name]) <= maxFillers {
				out.of[name] = append(out.of[name], filler{t, bound[i].SubPath})
			}
		}
	}
	return out
}

// skippableCheckout reports whether a task checks out a repository and has when expressions.
func skippableCheckout(t *facts.PipelineTask) bool {
	return !t.Finally && len(t.When) > 0 && t.ChecksOut()
}

// unfilled is a workspace that nothing has written to if a task is skipped.
type unfilled struct {
	spot facts.Spot
	name string
	by   *facts.PipelineTask
}

func (u *unfilled) without() string {
	return ", and no other task before it writes to workspace " + phrase.Quote(u.name)
}

// unfilled returns the workspace of a task that only a task with when expressions fills
// before it, by checking out a repository; nil if there is none. A matrix of results that
// decide about the checkout too has no combinations without it. Tekton then skips it, and what
// comes after it.
func (f *fillers) unfilled(t *facts.PipelineTask) *unfilled {
	if f == nil || t.ChecksOut() {
		return nil
	}
	for i := range t.Workspaces {
		name := facts.From(&t.Workspaces[i])
		if len(f.of[name]) > maxFillers {
			continue
		}
		var only *filler
		n := 0
		for j := range f.of[name] {
			if w := &f.of[name][j]; w.task != t && t.Pipeline.Before(w.task, t) {
				n++
				only = w
			}
		}
		if n != 1 || only.sub != t.Workspaces[i].SubPath || !skippableCheckout(only.task) || !t.RunsWithout(only.task) {
			continue
		}
		matrices, known := f.emptied[only.task]
		if !known {
			matrices = f.emptiedWith(only.task)
			f.emptied[only.task] = matrices
		}
		if slices.ContainsFunc(matrices, func(m *facts.PipelineTask) bool { return m == t || t.Pipeline.Before(m, t) }) {
			continue
		}
		return &unfilled{t.Spot.Index("workspaces", i), name, only.task}
	}
	return nil
}

// emptiedWith returns the matrices that use results of a task which decides whether the other
// task is skipped.
func (f *fillers) emptiedWith(by *facts.PipelineTask) []*facts.PipelineTask {
	deciding := by.Producers()
	var out []*facts.PipelineTask
	for _, t := range f.matrices {
		if slices.ContainsFunc(t.Producers(), func(name string) bool { return slices.Contains(deciding, name) }) {
			out = append(out, t)
		}
	}
	return out
}
