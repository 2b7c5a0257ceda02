package facts

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// This file knows what Pipelines-as-Code does with the references of a run: it puts the
// Pipeline and the Tasks that they name into the run, so that the params and workspaces of
// the run and of its pipeline reach them without a declaration, as in embedded specs.

// resolvesReferences reports whether Pipelines-as-Code puts what a run refers to into it.
func (e *Entry) resolvesReferences() bool {
	return e.Run != nil && e.Body() == nil && e.isExpanded()
}

// holder is what is around a Task or a Pipeline that Pipelines-as-Code puts into a run.
type holder struct {
	run  *Entry
	task *PipelineTask // that names the Task; nil for a Pipeline
}

// maxHolders limits the places into which one object is put. If there are more, all names
// are taken for known.
const maxHolders = 32

// holders returns where Pipelines-as-Code puts the object.
func (e *Entry) holders() []holder {
	s := e.set
	if s.holdersFound {
		return s.inlined[e]
	}
	s.holdersFound = true
	s.inlined = map[*Entry][]holder{}
	add := func(e *Entry, a holder) {
		if len(s.inlined[e]) <= maxHolders {
			s.inlined[e] = append(s.inlined[e], a)
		}
	}
	for _, run := range s.entries {
		if !run.resolvesReferences() {
			continue
		}
		p := run.RunPipeline()
		if p == nil {
			continue
		}
		if p.Entry() != run {
			add(p.Entry(), holder{run: run})
		}
		for _, t := range p.Tasks {
			if named := t.namedTask(); named != nil {
				add(named.Entry(), holder{run, t})
			}
		}
	}
	return s.inlined[e]
}

// namedTask returns the spec of the Task to which the task refers by its name; nil if it
// is not in the set.
func (t *PipelineTask) namedTask() *TaskSpec {
	if t.TaskRef == nil || t.TaskRef.Resolver != "" || t.Runs.Spec == nil || t.Runs.Signed || t.Runs.Spot.Entry == nil {
		return nil
	}
	return t.Runs.Spot.Entry.TaskSpec()
}

// IsPutInto reports whether Pipelines-as-Code puts the Task that the task names into the
// run, as an embedded spec.
func (t *PipelineTask) IsPutInto() bool {
	e := t.Pipeline.Entry()
	return t.namedTask() != nil && (e.resolvesReferences() || e.Pipeline != nil && len(e.holders()) > 0)
}

// passesParam reports whether a param of that name reaches the object from a run of
// Pipelines-as-Code.
func (e *Entry) passesParam(name string) bool {
	return e.isPassed(func(a holder) bool {
		if hasParam(a.run.Run.Spec.Params, name) {
			return true
		}
		return a.task != nil && (a.task.Pipeline.Params.Find(name) != nil || hasParam(a.task.Params, name) ||
			a.task.Matrix != nil && hasParam(a.task.Matrix.GetAllParams(), name))
	})
}

// passesWorkspace reports whether a workspace of that name reaches the object from a run
// of Pipelines-as-Code.
func (e *Entry) passesWorkspace(name string) bool {
	return e.isPassed(func(a holder) bool {
		if slices.ContainsFunc(a.run.Run.Spec.Workspaces, func(w v1.WorkspaceBinding) bool { return w.Name == name }) {
			return true
		}
		return a.task != nil && (a.task.Pipeline.Workspaces[name] != nil || a.task.Binds(name))
	})
}

func (e *Entry) isPassed(by func(holder) bool) bool {
	if e.Task == nil && e.Pipeline == nil {
		return false
	}
	all := e.holders()
	return len(all) > maxHolders || slices.ContainsFunc(all, by)
}

func hasParam(params v1.Params, name string) bool {
	return slices.ContainsFunc(params, func(p v1.Param) bool { return p.Name == name })
}

// readPutInto calls visit for each read of a param of the pipeline by a Task that
// Pipelines-as-Code puts into its run.
func (p *PipelineSpec) readPutInto(visit visitRead) {
	seen := map[*TaskSpec]bool{}
	for _, t := range p.Tasks {
		if !t.IsPutInto() {
			continue
		}
		named := t.namedTask()
		if seen[named] {
			continue
		}
		seen[named] = true
		uses := named.Uses()
		for i := range uses {
			if u := &uses[i]; u.Var.Kind == tekref.Param && u.Role == Substituted && u.Var.Fault == "" && named.Params.Find(u.Var.Name) == nil {
				p.Params.mark(u, visit)
			}
		}
	}
}

// memoInlined keeps [Entry.holders].
type memoInlined struct {
	inlined      map[*Entry][]holder
	holdersFound bool
}
