package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// WorkspaceUse is a $(workspaces.W.F).
type WorkspaceUse struct {
	*Use
	// Task is the pipeline task that contains it; nil if it is in a Task spec.
	Task *PipelineTask
	// Fault is the error in it.
	Fault Fault
}

// memoTaskWorkspaces keeps [TaskSpec.WorkspaceUses] and what follows from them.
type memoTaskWorkspaces struct {
	workspaceUses     []WorkspaceUse
	workspaceUsesDone bool
	declared          workspaceIndex
	meant             meantWorkspace
	byActions         map[string]bool // workspaces that StepActions use
	byActionsDone     bool
	unknownAction     bool
}

// memoPipelineWorkspaces keeps [PipelineSpec.WorkspaceUses] and what follows from
// them.
type memoPipelineWorkspaces struct {
	workspaceUses     []WorkspaceUse
	workspaceUsesDone bool
	meant             meantWorkspace
	workspaceNames    names
}

// meantWorkspace is the only declared workspace that is not used.
type meantWorkspace struct {
	name string
	done bool
}

// WorkspaceUses returns every $(workspaces.W.F) that Tekton replaces in the spec, or
// would replace.
func (t *TaskSpec) WorkspaceUses() []WorkspaceUse {
	t.Set().asked(Workspaces)
	if t.workspaceUsesDone {
		return t.workspaceUses
	}
	t.workspaceUsesDone = true
	uses := t.Uses()
	for i := range uses {
		if u := &uses[i]; u.Var.Kind == tekref.Workspace && u.IsVariable() {
			t.workspaceUses = append(t.workspaceUses, WorkspaceUse{Use: u, Fault: t.workspaceFault(u)})
		}
	}
	return t.workspaceUses
}

func (t *TaskSpec) workspaceFault(u *Use) Fault {
	switch {
	case u.Escaped, t.isOverridden(u.Text):
		return NoFault
	case t.Action != nil:
		return OtherProblem
	case t.Workspace(u.Var.Owner) == nil && !t.Bound(u.Var.Owner) && !t.Entry().passesWorkspace(u.Var.Owner):
		return UnknownWorkspace
	}
	return NoFault
}

// Workspace returns the workspace that the spec declares under that name; nil if
// there is none. Of two with the same name, it is the first.
func (t *TaskSpec) Workspace(name string) *v1.WorkspaceDeclaration {
	return t.declared.find(t.Spec.Workspaces, name)
}

// workspaceIndex finds workspaces by their names.
type workspaceIndex map[string]*v1.WorkspaceDeclaration

// find returns the first of the workspaces with that name. The list must be the same
// each time.
func (x *workspaceIndex) find(list []v1.WorkspaceDeclaration, name string) *v1.WorkspaceDeclaration {
	const few = 8 // these do not need a map
	if len(list) > few && *x == nil {
		*x = make(workspaceIndex, len(list))
		for i := range list {
			if (*x)[list[i].Name] == nil {
				(*x)[list[i].Name] = &list[i]
			}
		}
	}
	if *x != nil {
		return (*x)[name]
	}
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

// InWhen reports whether it is in a when expression of a step, which compares a
// variable that is not replaced as literal text.
func (u *WorkspaceUse) InWhen() bool {
	return u.Task == nil && strings.HasPrefix(u.Text.Field, "steps.when.")
}

// UnusedWorkspaces returns the indexes of the declared workspaces that nothing in
// the spec refers to, and no value that its params get. Those with a mountPath are left
// out, since a program may use that path.
func (t *TaskSpec) UnusedWorkspaces() []int {
	var unused []int
	for i := range t.Spec.Workspaces {
		w := &t.Spec.Workspaces[i]
		if !t.UsedWorkspaces()[w.Name] && w.MountPath == "" && w.Name != "" && !t.Mentions(MountPath(w)) && !t.Set().inValues(t.Params, w.Name) && !t.actionMayUse(w.Name) {
			unused = append(unused, i)
		}
	}
	return unused
}

// actionMayUse reports whether a StepAction of the spec refers to the workspace, or is not
// known. Tekton replaces variables after it has put the StepActions into the steps.
func (t *TaskSpec) actionMayUse(name string) bool {
	if !t.byActionsDone {
		t.byActionsDone, t.byActions = true, map[string]bool{}
		for i := range t.Spec.Steps {
			step := &t.Spec.Steps[i]
			if step.Ref == nil {
				continue
			}
			action := t.ActionOf(step)
			if t.unknownAction = action == nil; t.unknownAction {
				break
			}
			uses := action.TaskSpec().Uses()
			for j := range uses {
				if v := &uses[j].Var; v.Kind == tekref.Workspace {
					t.byActions[v.Owner] = true
				}
			}
		}
	}
	return t.unknownAction || t.byActions[name]
}

// MountPath returns the path at which a workspace of a Task is mounted.
func MountPath(w *v1.WorkspaceDeclaration) string {
	if w.MountPath != "" {
		return w.MountPath
	}
	return "/workspace/" + w.Name
}

// MeantWorkspace returns the only declared workspace that is not used, if the steps
// use exactly one undeclared name that is not similar to another declared one. Most
// likely this workspace was meant. It returns "" otherwise.
func (t *TaskSpec) MeantWorkspace() string {
	if t.meant.done {
		return t.meant.name
	}
	t.meant.done = true
	var strays stray
	uses := t.WorkspaceUses()
	for i := range uses {
		if u := &uses[i]; u.Fault == UnknownWorkspace && !(u.InWhen() && u.Var.Name == "bound") {
			strays.add(u.Var.Owner, t.WorkspaceNames)
		}
	}
	if strays.name == "" {
		return ""
	}
	if unused := t.UnusedWorkspaces(); len(unused) == 1 {
		t.meant.name = t.Spec.Workspaces[unused[0]].Name
	}
	return t.meant.name
}

// stray is the only undeclared name.
type stray struct {
	name string // "" if there are several, or none
	many bool
}

// add adds a name, unless it is similar to a declared one.
func (s *stray) add(name string, declared func() []string) {
	switch {
	case s.many || name == s.name && name != "":
	case suggest.Name(name, declared()) != "":
	case s.name == "" && name != "":
		s.name = name
	default:
		s.name, s.many = "", true
	}
}

// WorkspaceUses returns every $(workspaces.W.F) in the texts of the tasks, without
// those of embedded specs.
func (p *PipelineSpec) WorkspaceUses() []WorkspaceUse {
	p.Set().asked(Workspaces)
	if p.workspaceUsesDone {
		return p.workspaceUses
	}
	p.workspaceUsesDone = true
	for _, t := range p.Tasks {
		uses := t.Uses()
		for i := range uses {
			if u := &uses[i]; u.Role == Substituted && u.Var.Kind == tekref.Workspace && u.Var.Fault == "" && u.Text.Field != includeName {
				p.workspaceUses = append(p.workspaceUses, WorkspaceUse{Use: u, Task: t, Fault: t.workspaceFault(u)})
			}
		}
	}
	return p.workspaceUses
}

func (t *PipelineTask) workspaceFault(u *Use) Fault {
	p, v := t.Pipeline, &u.Var
	switch {
	case u.Escaped || p.Workspaces[v.Owner] != nil && v.Name == "bound":
		return NoFault
	case !Deferred(u.Text.Field) && v.Name != "bound":
		return OtherProblem
	case !Deferred(u.Text.Field):
		if !p.RunBinds(v.Owner) {
			return UnknownWorkspace
		}
		return NoFault
	case !slices.Contains(tekref.WorkspaceFields(), v.Name):
		return OtherProblem
	case t.Runs.Spec == nil || t.Inner != nil && t.Inner.Bound(v.Owner) || t.IsPutInto():
		return NoFault
	}
	if t.Runs.Workspace(v.Owner) == nil {
		return UnknownInTask
	}
	return NoFault
}

// IsStray reports whether a task binds a workspace that neither the pipeline
// declares nor the run around it binds.
func (p *PipelineSpec) IsStray(w *v1.WorkspacePipelineTaskBinding) bool {
	source := From(w)
	return p.Workspaces[source] == nil && !p.RunBinds(source) && !p.Entry().passesWorkspace(source)
}

// IsPartOfRun reports whether the pipeline is embedded in a run, or put into one by
// Pipelines-as-Code. Tekton then does not check that it declares the workspaces of its
// tasks: a task fails when it starts without one that is not optional.
func (p *PipelineSpec) IsPartOfRun() bool {
	return p.Run != nil || p.Entry().Pipeline != nil && len(p.Entry().holders()) > 0
}

// UnusedWorkspaces returns the indexes of the declared workspaces that no task uses, and no
// value that the params of the pipeline get.
func (p *PipelineSpec) UnusedWorkspaces() []int {
	var unused []int
	for i := range p.Spec.Workspaces {
		w := &p.Spec.Workspaces[i]
		if w.Name != "" && !p.UsedWorkspaces()[w.Name] && p.Workspaces[w.Name] == w && !p.Set().inValues(p.Params, w.Name) {
			unused = append(unused, i)
		}
	}
	return unused
}

// MeantWorkspace returns the only declared workspace that no task uses, if the tasks
// bind exactly one undeclared name that is not similar to another declared one. Most
// likely this workspace was meant. It returns "" otherwise.
func (p *PipelineSpec) MeantWorkspace() string {
	if p.meant.done {
		return p.meant.name
	}
	p.meant.done = true
	var strays stray
	for _, t := range p.Tasks {
		for i := range t.Workspaces {
			if w := &t.Workspaces[i]; p.IsStray(w) {
				strays.add(From(w), p.WorkspaceNames)
			}
		}
	}
	if strays.name == "" {
		return ""
	}
	if unused := p.UnusedWorkspaces(); len(unused) == 1 {
		p.meant.name = p.Spec.Workspaces[unused[0]].Name
	}
	return p.meant.name
}
