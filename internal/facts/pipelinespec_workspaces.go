package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// WorkspaceNames returns the names of the declared workspaces.
func (p *PipelineSpec) WorkspaceNames() []string {
	return p.workspaceNames.of(func() []string {
		return namesOf(p.Spec.Workspaces, func(w *v1.PipelineWorkspaceDeclaration) string { return w.Name })
	}).list
}

// RunBinds reports whether the run around the pipeline binds the workspace.
func (p *PipelineSpec) RunBinds(name string) bool { return p.RunBinding(name) != nil }

// RunBinding returns the binding of a workspace in the run around the pipeline; nil if
// there is none. Of two with the same name, it is the first.
func (p *PipelineSpec) RunBinding(name string) *v1.WorkspaceBinding {
	if p.Run == nil {
		return nil
	}
	return p.Set().bindingsOf(p.Run)[name]
}

// bindingsOf returns the workspaces that a run binds, by name. The run may have many
// embedded specs.
func (s *Set) bindingsOf(run *v1.PipelineRun) map[string]*v1.WorkspaceBinding {
	out, ok := s.runBindings[run]
	if ok {
		return out
	}
	list := run.Spec.Workspaces
	out = make(map[string]*v1.WorkspaceBinding, len(list))
	for i := range list {
		if out[list[i].Name] == nil {
			out[list[i].Name] = &list[i]
		}
	}
	if s.runBindings == nil {
		s.runBindings = map[*v1.PipelineRun]map[string]*v1.WorkspaceBinding{}
	}
	s.runBindings[run] = out
	return out
}

// From returns the workspace of the pipeline behind a binding.
func From(w *v1.WorkspacePipelineTaskBinding) string {
	if w.Workspace != "" {
		return w.Workspace
	}
	return w.Name
}

// UsedWorkspaces returns the names of the workspaces that the tasks bind or refer
// to. A misspelled name also counts as a use of the workspace that was most likely
// meant.
func (p *PipelineSpec) UsedWorkspaces() map[string]bool {
	p.Set().asked(Workspaces)
	if p.used != nil {
		return p.used
	}
	p.used = map[string]bool{}
	mark := func(uses []Use) {
		for i := range uses {
			if u := &uses[i]; u.Var.Kind == tekref.Workspace && u.Var.Fault == "" && !u.Open && !u.Escaped {
				p.used[u.Var.Owner] = true
			}
		}
	}
	mark(p.DefaultUses())
	if p.Run != nil {
		mark(p.Entry().RunUses())
	}
	for _, t := range p.Tasks {
		uses := t.Uses()
		for i := range uses {
			u := &uses[i]
			if u.Role == Substituted && u.Var.Kind == tekref.Workspace && u.Var.Fault == "" && !u.Escaped &&
				p.Workspaces[u.Var.Owner] != nil && u.Var.Name == "bound" {
				p.used[u.Var.Owner] = true
			}
		}
		if t.Inner != nil {
			uses := t.Inner.Uses()
			for i := range uses {
				if u := &uses[i]; u.Var.Kind == tekref.Workspace && u.IsVariable() {
					p.used[u.Var.Owner] = true
				}
			}
		}
		for i := range t.Workspaces {
			source := From(&t.Workspaces[i])
			p.used[source] = true
			if p.Workspaces[source] == nil && !p.RunBinds(source) {
				p.used[suggest.Name(source, p.WorkspaceNames())] = true // so that one mistake is reported once
			}
		}
	}
	return p.used
}

// BoundByTask returns the workspaces that a task mounts: the name in its Task, and
// the workspace of the pipeline. An embedded spec gets the workspaces that its steps
// use.
func (t *PipelineTask) BoundByTask() []v1.WorkspacePipelineTaskBinding {
	out := append([]v1.WorkspacePipelineTaskBinding(nil), t.Workspaces...)
	if t.Inner == nil {
		return out
	}
	bound := map[string]bool{}
	for i := range out {
		bound[out[i].Name] = true
	}
	for _, name := range sortedKeys(t.Inner.UsedWorkspaces()) {
		if !bound[name] {
			out = append(out, v1.WorkspacePipelineTaskBinding{Name: name})
		}
	}
	return out
}
