package facts

import (
	"slices"

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
	case isParam(u) && !e.valueReached(v.Name), v.Kind == tekref.Workspace && e.lacksWorkspace(v.Owner), v.Kind == tekref.ResultPath && e.lacksResult(v.Name),
		v.Kind == tekref.StepResult && e.lacksStep(v.Owner):
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

// lacksWorkspace reports whether neither the Pipeline nor any Task that a run runs has a
// workspace of that name, and no embedded spec gets it from the run.
func (e *Entry) lacksWorkspace(name string) bool {
	if e.TaskRun != nil {
		d := e.RunTask()
		if d.Spec == nil || d.Workspace(name) != nil {
			return false
		}
		t := e.TaskSpec()
		return t == nil || !t.Bound(name)
	}
	p := e.RunPipeline()
	return p != nil && p.Workspaces[name] == nil && p.Set().bindingsOf(e.Run)[name] == nil && allTasks(p, func(t *PipelineTask) bool {
		return t.Runs.Workspace(name) == nil && !slices.ContainsFunc(t.Workspaces, func(w v1.WorkspacePipelineTaskBinding) bool { return w.Name == name })
	})
}

// lacksResult reports whether no Task that a run runs has a result of that name.
func (e *Entry) lacksResult(name string) bool {
	lacks := func(d *Definition) bool {
		return d.Results[name] == nil && !slices.ContainsFunc(d.Spec.Steps, func(s v1.Step) bool {
			return s.Ref != nil || slices.ContainsFunc(s.Results, func(r v1.StepResult) bool { return r.Name == name })
		})
	}
	if e.TaskRun != nil {
		d := e.RunTask()
		return d.Spec != nil && lacks(&d)
	}
	p := e.RunPipeline()
	return p != nil && allTasks(p, func(t *PipelineTask) bool { return lacks(&t.Runs) })
}

// lacksStep reports whether no Task that a run runs has a step of that name.
func (e *Entry) lacksStep(name string) bool {
	lacks := func(d *Definition) bool {
		return !slices.ContainsFunc(d.Spec.Steps, func(s v1.Step) bool { return s.Name == name })
	}
	if e.TaskRun != nil {
		d := e.RunTask()
		return d.Spec != nil && lacks(&d)
	}
	p := e.RunPipeline()
	return p != nil && allTasks(p, func(t *PipelineTask) bool { return lacks(&t.Runs) })
}

// allTasks reports whether the condition holds for each task of a pipeline, and what each
// runs is known.
func allTasks(p *PipelineSpec, holds func(*PipelineTask) bool) bool {
	return len(p.Tasks) > 0 && !slices.ContainsFunc(p.Tasks, func(t *PipelineTask) bool { return t.Runs.Spec == nil || !holds(t) })
}
