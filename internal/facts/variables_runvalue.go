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
	case isParam(u) && !e.valueReached(v.Name), v.Kind == tekref.Workspace && e.lacksWorkspace(v.Owner):
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
		return d.Spec == nil || refersToActions(d.Spec)
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

// lacksWorkspace reports whether a TaskRun runs a Task without a workspace of that name.
func (e *Entry) lacksWorkspace(name string) bool {
	d := e.RunTask()
	if d.Spec == nil || d.Workspace(name) != nil {
		return false
	}
	t := e.TaskSpec()
	return t == nil || !t.Bound(name)
}
