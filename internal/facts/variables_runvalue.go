package facts

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// runParamProblem checks a variable in a value that a run sets. Tekton replaces none in
// the values themselves: those that it replaces are part of what the value is pasted
// into, and belong to a later phase than params. What a value of a PipelineRun reaches is
// only judged if no task can replace the variable.
func (e *Entry) runParamProblem(pr Problem) {
	u, v := pr.Use, pr.Use.Var
	switch {
	case u.Open || u.Escaped || e.Within != nil && (u.Later() || OfEvent(u.Expr)):
	case (v.Kind == tekref.TaskResult || v.Kind == tekref.FinallyResult) && v.Fault == "":
		pr.Kind = NotInRunParam
		e.addProblem(pr)
	case v.Kind == tekref.Event || OfEvent(u.Expr):
		pr.Kind = OnlyEvent
		e.addProblem(pr)
	case v.Fault != "" || e.CustomRun != nil:
	case v.Kind == tekref.Context:
		kind, wrong := contextField(u)
		if !wrong {
			// A value of a PipelineRun may reach the params of a TaskRun.
			kind, wrong = NotInRunValue, e.TaskRun != nil && !u.Replaced()
		}
		if wrong {
			pr.Kind = kind
			e.addProblem(pr)
		}
	case isParam(u) && !e.valueReached(v.Name), e.lacks(v):
		pr.Kind = NotInRunValue
		e.addProblem(pr)
	}
}

// valueReached reports whether a param may be replaced in what a value of the run is
// pasted into. The params of a Task are replaced in one go, so that none of them is
// replaced in the value of another, except in what a StepAction gets.
func (e *Entry) valueReached(name string) bool {
	if e.TaskRun != nil {
		d := e.RunTask()
		return d.Spec == nil || d.Signed || refersToActions(d.Spec)
	}
	p := e.RunPipeline()
	if p == nil || len(p.Tasks) == 0 {
		return true
	}
	for _, t := range p.Tasks {
		if has, known := t.gets(name); has || !known {
			return true
		}
	}
	return false
}

// refersToActions reports whether a step of a Task refers to a StepAction.
func refersToActions(spec *v1.TaskSpec) bool {
	for i := range spec.Steps {
		if spec.Steps[i].Ref != nil {
			return true
		}
	}
	return false
}

// taskNames are the names that variables in what a run runs can have.
type taskNames struct {
	unknown                    bool // whether some of it is not known
	actions                    bool // whether there are StepActions, which may have results
	unnamed                    bool // whether Tekton names a step
	workspaces, results, steps map[string]bool
}

// taskNames returns the names of the workspaces, results and steps of the Task that a TaskRun
// runs, or of all Tasks of a PipelineRun, with the workspaces of its Pipeline and of itself.
func (e *Entry) taskNames() *taskNames {
	if e.reached != nil {
		return e.reached
	}
	n := &taskNames{workspaces: map[string]bool{}, results: map[string]bool{}, steps: map[string]bool{}}
	e.reached = n
	if e.TaskRun != nil {
		n.add(e.RunTask())
		if e.TaskRun.Spec.TaskSpec != nil {
			n.bound(e.TaskRun.Spec.Workspaces)
		}
		return n
	}
	p := e.RunPipeline()
	if p == nil || len(p.Tasks) == 0 {
		n.unknown = true
		return n
	}
	n.bound(e.Run.Spec.Workspaces)
	for name := range p.Workspaces {
		n.workspaces[name] = true
	}
	for _, t := range p.Tasks {
		n.add(t.Runs)
		for i := range t.Workspaces {
			n.workspaces[t.Workspaces[i].Name] = true
		}
	}
	return n
}

func (n *taskNames) bound(list []v1.WorkspaceBinding) {
	for i := range list {
		n.workspaces[list[i].Name] = true
	}
}

func (n *taskNames) add(d Definition) {
	spec := d.Spec
	if n.unknown = n.unknown || spec == nil || d.Signed; spec == nil {
		return
	}
	for i := range spec.Workspaces {
		n.workspaces[spec.Workspaces[i].Name] = true
	}
	for i := range spec.Results {
		n.results[spec.Results[i].Name] = true
	}
	for i := range spec.Steps {
		s := &spec.Steps[i]
		n.steps[s.Name] = true
		for j := range s.Results {
			n.results[s.Results[j].Name] = true
		}
		n.actions, n.unnamed = n.actions || s.Ref != nil, n.unnamed || s.Name == ""
	}
}

// lacks reports whether a variable is one of a workspace, a result or a step that nothing
// which the run runs has.
func (e *Entry) lacks(v tekref.Variable) bool {
	if v.Kind != tekref.Workspace && v.Kind != tekref.ResultPath && v.Kind != tekref.StepResult {
		return false
	}
	switch n := e.taskNames(); v.Kind {
	case tekref.Workspace:
		return !n.unknown && !n.workspaces[v.Owner]
	case tekref.ResultPath:
		return !n.unknown && !n.actions && !n.results[v.Name]
	default:
		return !n.unknown && !n.unnamed && !n.steps[v.Owner]
	}
}
