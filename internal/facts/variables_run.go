package facts

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// runProblems adds the problems with the variables in the spec of a run, without
// those of embedded specs.
func (e *Entry) runProblems() {
	if e.Run == nil && e.TaskRun == nil && e.CustomRun == nil {
		return
	}
	label, s := e.Label(), e.At("spec")
	uses := e.RunUses()
	pipeline := e.RunPipeline()
	var given, scope *ParamScope
	switch {
	case e.Run != nil:
		given = ValueScope(s.Field("params"), label, e.Run.Spec.Params, nil, nil)
	case e.TaskRun != nil:
		if params := e.runTaskParams(); params != nil {
			scope = ValueScope(s.Field("params"), label, e.TaskRun.Spec.Params, nil, params)
		}
	}
	for i := range uses {
		u := &uses[i]
		field, inParams := u.Text.Field, strings.HasPrefix(u.Text.Field, "params.value")
		pr := Problem{Use: u, Label: label, Pipeline: pipeline}
		switch {
		case inParams:
			if e.firstParam(u) {
				e.runParamProblem(pr)
			}
		case u.Open || u.Escaped:
		case e.Run != nil && strings.HasPrefix(field, "workspaces."):
			pr.Scope = given
			e.bindingProblem(pr)
		case e.Run != nil && pipeline != nil && strings.Contains(field, "podTemplate."):
			if u.Var.Kind == tekref.None {
				continue
			}
			switch {
			case u.Var.Fault != "":
				pr.Kind = Malformed
				e.addProblem(pr)
			case !isParam(u):
				pr.Kind = NotInPodTemplate
				e.addProblem(pr)
			}
		case scope != nil && (strings.HasPrefix(field, "workspaces.") || strings.HasPrefix(field, "podTemplate.")) && isParam(u):
			pr.Scope = scope
			switch {
			case u.Var.Fault != "":
				pr.Kind = Malformed
				e.addProblem(pr)
			case scope.Find(u.Var.Name) == nil:
				pr.Kind = UnknownRunParam
				e.addProblem(pr)
			}
		}
	}
}

// runTaskParams returns the params of the Task that a TaskRun runs; nil if they are
// not known.
func (e *Entry) runTaskParams() *ParamScope {
	if t := e.TaskSpec(); t != nil && e.TaskRun.Spec.TaskRef == nil {
		return t.Params
	}
	return e.RunTask().Params
}

// firstParam reports whether a use is in a param of the run that is the first with
// its name.
func (e *Entry) firstParam(u *Use) bool {
	params := e.RunParams()
	i := u.Spot.Path.At(2).Index
	if i >= len(params) {
		return false
	}
	name := strings.ToLower(params[i].Name)
	lower := e.runParamNames.of(func() []string {
		return namesOf(params, func(p *v1.Param) string { return strings.ToLower(p.Name) })
	})
	return name != "" && lower.index(name) == i
}

// RunParams returns the params that a PipelineRun, a TaskRun or a CustomRun sets.
func (e *Entry) RunParams() v1.Params {
	switch {
	case e.Run != nil:
		return e.Run.Spec.Params
	case e.TaskRun != nil:
		return e.TaskRun.Spec.Params
	case e.CustomRun != nil && e.runParams == nil:
		e.runParams = make(v1.Params, len(e.CustomRun.Spec.Params))
		for i, p := range e.CustomRun.Spec.Params {
			e.runParams[i] = v1.Param{Name: p.Name, Value: v1.ParamValue{
				Type: v1.ParamType(p.Value.Type), StringVal: p.Value.StringVal, ArrayVal: p.Value.ArrayVal, ObjectVal: p.Value.ObjectVal,
			}}
		}
	}
	return e.runParams
}

// EachValue calls visit for each param that the object sets: of its runs, of its
// pipeline tasks and their matrices, and of steps.
func (e *Entry) EachValue(visit func(Spot, *v1.Param)) {
	each := func(s Spot, params v1.Params) {
		for i := range params {
			visit(s.Index("params", i), &params[i])
		}
	}
	each(e.At("spec"), e.RunParams())
	for _, p := range e.PipelineSpecs() {
		for _, t := range p.Tasks {
			each(t.Spot, t.Params)
			if t.Matrix != nil {
				each(t.Spot.Field("matrix"), t.Matrix.Params)
			}
		}
	}
	for _, t := range e.TaskSpecs() {
		for i := range t.Spec.Steps {
			each(t.Spot.Index("steps", i), t.Spec.Steps[i].Params)
		}
	}
}

func (e *Entry) runParamProblem(pr Problem) {
	u := pr.Use
	switch {
	case u.Open || u.Escaped || e.Within != nil && (u.Later() || OfEvent(u.Expr)):
	case (u.Var.Kind == tekref.TaskResult || u.Var.Kind == tekref.FinallyResult) && u.Var.Fault == "":
		pr.Kind = NotInRunParam
		e.addProblem(pr)
	case u.Var.Kind == tekref.Event || OfEvent(u.Expr):
		pr.Kind = OnlyEvent
		e.addProblem(pr)
	}
}

// bindingProblem checks a variable in a binding of a PipelineRun. Tekton replaces
// the params that the run itself sets there, but not the defaults of its pipeline.
func (e *Entry) bindingProblem(pr Problem) {
	u := pr.Use
	switch {
	case u.Var.Kind == tekref.None:
	case u.Var.Fault != "":
		pr.Kind = Malformed
		e.addProblem(pr)
	case isParam(u):
		p := pr.Scope.Find(u.Var.Name)
		if p == nil {
			pr.Kind = UnsetParam
			e.addProblem(pr)
			return
		}
		pr.Param = p
		if kind, wrong := formProblem(u, p); wrong {
			pr.Kind = kind
			e.addProblem(pr)
		}
	case u.Var.Kind == tekref.Context:
		if kind, wrong := contextField(u); wrong {
			pr.Kind = kind
			e.addProblem(pr)
		}
	}
}

// PodParam is a param that a pod template of a PipelineRun uses, and that at least
// one of the tasks with this template does not have.
type PodParam struct {
	Use   *Use
	Lack  []*PipelineTask // the tasks without it
	Every bool            // no task has it
	Names []string        // the params that the tasks have, for suggestions
}

// PodParams returns the params that the pod templates of a PipelineRun use and that
// tasks of its pipeline do not have. Tekton replaces them in the TaskRun of each
// task, with its params.
func (e *Entry) PodParams() []PodParam {
	p := e.RunPipeline()
	if p == nil {
		return nil
	}
	spec := &e.Run.Spec
	var out []PodParam
	uses := e.RunUses()
	for i := range uses {
		u := &uses[i]
		if u.Open || u.Escaped || !isParam(u) || u.Var.Fault != "" {
			continue
		}
		tasks := p.Tasks
		switch {
		case strings.HasPrefix(u.Text.Field, "taskRunTemplate.podTemplate."):
		case strings.HasPrefix(u.Text.Field, "taskRunSpecs.podTemplate."):
			tasks = nil
			if t := p.byName[spec.TaskRunSpecs[u.Spot.Path.At(2).Index].PipelineTaskName]; t != nil {
				tasks = []*PipelineTask{t}
			}
		default:
			continue
		}
		found := PodParam{Use: u}
		known := true
		for _, t := range tasks {
			has, sure := t.gets(u.Var.Name)
			if !sure {
				known = false
				break
			}
			if !has {
				found.Lack = append(found.Lack, t)
			}
			if t.Runs.Params != nil && len(found.Names) < suggest.MaxCandidates {
				found.Names = append(found.Names, t.Runs.Params.Names()...)
			}
		}
		if known && len(found.Lack) > 0 {
			found.Every = len(found.Lack) == len(tasks)
			out = append(out, found)
		}
	}
	return out
}

// gets reports whether the TaskRun of a task has a value for a param; false if that
// is not known.
func (t *PipelineTask) gets(name string) (has, known bool) {
	for i := range t.Params {
		if t.Params[i].Name == name {
			return true, true
		}
	}
	if t.Matrix != nil {
		for _, p := range t.Matrix.GetAllParams() {
			if p.Name == name {
				return true, true
			}
		}
	}
	if t.Runs.Nested || t.Runs.Params == nil {
		return false, false
	}
	return t.Runs.Params.Own(name) != nil, true
}

// RunWorkspaces returns the workspace bindings of a PipelineRun, a TaskRun or a
// CustomRun.
func (e *Entry) RunWorkspaces() []v1.WorkspaceBinding {
	switch {
	case e.Run != nil:
		return e.Run.Spec.Workspaces
	case e.TaskRun != nil:
		return e.TaskRun.Spec.Workspaces
	case e.CustomRun != nil:
		out := make([]v1.WorkspaceBinding, len(e.CustomRun.Spec.Workspaces))
		for i, w := range e.CustomRun.Spec.Workspaces {
			out[i] = v1.WorkspaceBinding(w) // v1beta1 has the same fields
		}
		return out
	}
	return nil
}
