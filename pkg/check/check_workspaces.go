package check

import (
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// declareWorkspaces checks the declared workspaces of a pipeline.
func (p *pipelineCheck) declareWorkspaces() {
	list := p.spec.Workspaces
	p.duplicates(p.spot, "workspaces", "workspace", diag.Error, p.workspaceNames())
	p.workspaces = make(map[string]*v1.PipelineWorkspaceDeclaration, len(list))
	for i := range list {
		if list[i].Name == "" {
			p.fail(p.spot.index("workspaces", i), "name-invalid", "", "a workspace of "+p.label+" has no name", "set its name")
		}
		if p.workspaces[list[i].Name] == nil {
			p.workspaces[list[i].Name] = &list[i]
		}
	}
}

func (p *pipelineCheck) workspaceNames() []string {
	return namesOf(p.spec.Workspaces, func(w *v1.PipelineWorkspaceDeclaration) string { return w.Name })
}

// runBinds reports whether the run around the pipeline binds the workspace.
func (p *pipelineCheck) runBinds(name string) bool {
	if p.run == nil {
		return false
	}
	for i := range p.run.Spec.Workspaces {
		if p.run.Spec.Workspaces[i].Name == name {
			return true
		}
	}
	return false
}

// from is the workspace of the pipeline behind a binding.
func from(w *v1.WorkspacePipelineTaskBinding) string {
	if w.Workspace != "" {
		return w.Workspace
	}
	return w.Name
}

// bindings checks the workspaces that a pipeline task hands to its Task.
func (p *pipelineCheck) bindings(t *pipelineTask) {
	bound := map[string]bool{}
	p.duplicates(t.spot, "workspaces", "workspace", diag.Error, namesOf(t.Workspaces, func(w *v1.WorkspacePipelineTaskBinding) string { return w.Name }))
	var declared map[string]*v1.WorkspaceDeclaration
	if t.def.spec != nil {
		declared = map[string]*v1.WorkspaceDeclaration{}
		for i := range t.def.spec.Workspaces {
			declared[t.def.spec.Workspaces[i].Name] = &t.def.spec.Workspaces[i]
		}
	}
	var unknown []string
	for i := range t.Workspaces {
		bound[t.Workspaces[i].Name] = true
		if declared != nil && declared[t.Workspaces[i].Name] == nil {
			unknown = append(unknown, t.Workspaces[i].Name)
		}
	}
	for i := range t.Workspaces {
		w := &t.Workspaces[i]
		near := nearest(w.Name, sortedKeys(declared))
		told := near != "" && !bound[near] && !declared[near].Optional // as missing
		p.binding(t, t.spot.index("workspaces", i), w, declared, told)
	}
	if t.def.inner != nil {
		for i := range t.def.inner.Workspaces {
			w := &t.def.inner.Workspaces[i]
			if !w.Optional && !bound[w.Name] && w.Name != "" {
				p.fail(t.spot, "workspace-missing", w.Name, t.label+" does not bind workspace "+q(w.Name)+" of "+t.def.label,
					"bind a workspace of the pipeline to it", t.def.innerAt.index("workspaces", i).related(t.def.label+" declares it"))
			}
		}
	}
	if t.def.spec == nil {
		return
	}
	for i := range t.def.spec.Workspaces {
		w := &t.def.spec.Workspaces[i]
		if w.Optional || bound[w.Name] || w.Name == "" || t.inner != nil && p.reaches(t, w.Name) {
			continue
		}
		at, help := t.spot, "bind a workspace of the pipeline to it"
		if near := nearest(w.Name, unknown); near != "" {
			i := slices.IndexFunc(t.Workspaces, func(w v1.WorkspacePipelineTaskBinding) bool { return w.Name == near })
			at, help = t.spot.index("workspaces", i).field("name"), boundHelp(near, w.Name)
		}
		p.fail(at, "workspace-missing", w.Name, t.label+" does not bind workspace "+q(w.Name)+" of "+t.def.label, help,
			t.def.spot.index("workspaces", i).related(t.def.label+" declares it"))
	}
}

// reaches reports whether an embedded spec gets a workspace without a binding:
// Tekton binds those that its steps name, from the run.
func (p *pipelineCheck) reaches(t *pipelineTask, name string) bool {
	if !t.inner.usedWorkspaces[name] {
		return false
	}
	w := p.workspaces[name]
	return p.run == nil || p.runBinds(name) || w != nil && !w.Optional // told at the run
}

func (p *pipelineCheck) binding(t *pipelineTask, s spot, w *v1.WorkspacePipelineTaskBinding, declared map[string]*v1.WorkspaceDeclaration, told bool) {
	source := from(w)
	p.usedWorkspaces[source] = true
	own := p.workspaces[source]
	if own == nil && !p.runBinds(source) {
		p.usedWorkspaces[nearest(source, p.workspaceNames())] = true // so that one typo makes one finding
		at := s.field("name")
		if w.Workspace != "" {
			at = s.field("workspace")
		}
		p.strays.add(source, p.workspaceNames(), len(p.findings))
		p.fail(at, "workspace-unknown", source, t.label+" takes workspace "+q(source)+", which "+p.label+" does not declare",
			suggest(source, p.workspaceNames(), "declare workspace "+q(source)+" in "+p.label))
	}
	if declared == nil {
		return
	}
	target := declared[w.Name]
	if target == nil {
		if t.inner != nil || told {
			return // declared on the fly, or told already
		}
		p.fail(s.field("name"), "workspace-unknown", w.Name, t.label+" binds workspace "+q(w.Name)+", which "+t.def.label+" does not declare",
			suggest(w.Name, sortedKeys(declared), "drop it, or declare it there"), t.def.spot.field("workspaces").related("the workspaces of "+t.def.label))
		return
	}
	if own == nil || !own.Optional || target.Optional {
		return
	}
	message := "workspace " + q(source) + " of " + p.label + " is optional, but " + t.def.label + " requires its workspace " + q(w.Name)
	if w.Workspace == "" {
		p.warn(s, "workspace-optional", source, message+": runs that do not bind it fail", "make both optional, or both required")
		return
	}
	p.fail(s, "workspace-optional", source, message, "make both optional, or both required")
}

// pipelineWorkspacesUnused warns of declared workspaces that no task takes.
func (p *pipelineCheck) pipelineWorkspacesUnused() {
	var unused []int
	for i := range p.spec.Workspaces {
		name := p.spec.Workspaces[i].Name
		if name != "" && !p.usedWorkspaces[name] && p.workspaces[name] == &p.spec.Workspaces[i] {
			unused = append(unused, i)
		}
	}
	if len(unused) == 1 && p.strays.meant(p.findings, p.spec.Workspaces[unused[0]].Name) {
		return
	}
	for _, i := range unused {
		name := p.spec.Workspaces[i].Name
		p.warn(p.spot.index("workspaces", i), "workspace-unused", name, "workspace "+q(name)+" of "+p.label+" is never used", "bind it in a task, or drop it")
	}
}
