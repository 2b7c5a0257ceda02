package facts

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// runProblems adds the problems with the variables in the spec of a run, without
// those of embedded specs.
func (e *Entry) runProblems() {
	if e.Run == nil && e.TaskRun == nil && e.CustomRun == nil {
		return
	}
	label, uses, pipeline := e.Label(), e.RunUses(), e.RunPipeline()
	for i := range uses {
		u := &uses[i]
		pr := Problem{Use: u, Label: label, Pipeline: pipeline}
		switch {
		case strings.HasPrefix(u.Text.Field, "params.value"):
			if e.firstParam(u) {
				e.runParamProblem(pr)
			}
		case u.Open || u.Escaped || u.Var.Kind == tekref.None || e.Within != nil && u.Later():
		case u.Var.Fault != "":
			if !isParam(u) || !e.setsDotted(u.Expr) {
				pr.Kind = Malformed
				e.addProblem(pr)
			}
		default:
			e.runFieldProblem(pr)
		}
	}
}

// runFieldProblem adds the problem with a variable in a field of a run other than its
// params.
func (e *Entry) runFieldProblem(pr Problem) {
	u := pr.Use
	field := u.Text.Field
	switch {
	case field == "pipelineRef.name" || field == "taskRef.name":
		// Tekton replaces variables in a name that is a URL.
	case !substitution.Known(u.Place, field):
		pr.Kind = NotReplaced
		e.addProblem(pr)
	case isParam(u):
		e.fieldParamProblem(pr)
	case u.Var.Kind == tekref.Context && tekref.ContextFields(u.Var.Owner) == nil:
		pr.Kind = UnknownContext
		e.addProblem(pr)
	case !u.Replaced():
		pr.Kind = NotInField
		if strings.Contains(field, "podTemplate.") {
			pr.Kind = NotInPodTemplate
		}
		e.addProblem(pr)
	case u.Var.Kind == tekref.Context:
		if kind, wrong := contextField(u); wrong {
			pr.Kind = kind
			e.addProblem(pr)
		}
	}
}

// fieldParamProblem checks a param in a field of a run. In references and bindings,
// Tekton replaces the params that the run itself sets, but not the defaults of its
// pipeline. In the bindings and the pod template of a TaskRun, and in the TaskRun that a
// binding of a PipelineRun reaches, it replaces the params of the Task.
func (e *Entry) fieldParamProblem(pr Problem) {
	u := pr.Use
	field, name := u.Text.Field, u.Var.Name
	ref := strings.HasPrefix(field, "pipelineRef.") || strings.HasPrefix(field, "taskRef.")
	switch {
	case strings.Contains(field, "odTemplate.") && e.Run != nil:
		return // see PodParams
	case e.TaskRun != nil && !ref:
		params := e.runTaskParams()
		if params == nil {
			return
		}
		own := *e.values()
		own.Outer = params
		pr.Scope = &own
		switch p := own.Find(name); {
		case e.setsDotted(u.Expr) || own.dotted(u) != nil:
		case p == nil:
			pr.Kind = UnknownRunParam
			e.addProblem(pr)
		case p.Given:
			if found, wrong := own.paramProblem(u); wrong && (found.Kind == UnknownKey || found.Kind == BeyondDefault) {
				pr.Kind, pr.Param = found.Kind, p
				e.addProblem(pr)
			}
		}
		return
	}
	pr.Scope = e.values()
	switch p := pr.Scope.Find(name); {
	case e.setsDotted(u.Expr):
	case p != nil:
		found, wrong := pr.Scope.paramProblem(u)
		part := found.Kind == UnknownKey || found.Kind == BeyondDefault
		if wrong && (ref || !part || !e.boundLater(u)) {
			pr.Kind, pr.Param = found.Kind, p
			e.addProblem(pr)
		}
	case ref || !e.boundLater(u):
		pr.Kind = UnsetParam
		e.addProblem(pr)
	}
}

// values returns the scope of the params that the run sets.
func (e *Entry) values() *ParamScope {
	if e.given == nil {
		e.given = ValueScope(e.At("spec", "params"), e.Label(), e.RunParams(), nil, nil)
	}
	return e.given
}

// setsDotted reports whether a variable is a param that the run sets, or a key of it, by
// a name that contains dots. Tekton replaces these in references and bindings, where it
// looks for the whole text of the variable.
func (e *Entry) setsDotted(expr string) bool {
	rest, ok := strings.CutPrefix(expr, "params.")
	if !ok || strings.Count(rest, ".") > 8 {
		return false
	}
	values := e.values()
	for i := range rest {
		if rest[i] != '.' {
			continue
		}
		if p := values.Own(rest[:i]); p != nil && p.HasKey(rest[i+1:]) {
			return true
		}
	}
	p := values.Own(rest)
	return p != nil && p.Type == v1.ParamTypeString
}

// boundLater reports whether all tasks that a binding of a PipelineRun may reach have
// the param that it uses, or may have it.
func (e *Entry) boundLater(u *Use) bool {
	p := e.RunPipeline()
	if p == nil {
		return true
	}
	binding, reached := e.Run.Spec.Workspaces[u.Spot.Path.At(2).Index].Name, false
	for _, t := range p.Tasks {
		for _, w := range t.BoundByTask() {
			if From(&w) != binding {
				continue
			}
			reached = true
			if has, known := t.gets(u.Var.Name); known && !has {
				return false
			}
		}
	}
	return reached
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
	lower := e.rarely().runParamNames.of(func() []string {
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
	case e.CustomRun == nil:
		return nil
	}
	rare := e.rarely()
	if rare.runParams == nil {
		rare.runParams = make(v1.Params, len(e.CustomRun.Spec.Params))
		for i, p := range e.CustomRun.Spec.Params {
			rare.runParams[i] = v1.Param{Name: p.Name, Value: v1.ParamValue{
				Type: v1.ParamType(p.Value.Type), StringVal: p.Value.StringVal, ArrayVal: p.Value.ArrayVal, ObjectVal: p.Value.ObjectVal,
			}}
		}
	}
	return rare.runParams
}

// EachValue calls visit for each param that the object sets: of its runs, of its
// pipeline tasks and their matrices, and of steps.
func (e *Entry) EachValue(visit func(Spot, *v1.Param)) {
	eachParam(e.At("spec"), e.RunParams(), visit)
	for _, p := range e.PipelineSpecs() {
		for _, t := range p.Tasks {
			eachParam(t.Spot, t.Params, visit)
			if t.Matrix != nil {
				eachParam(t.Spot.Field("matrix"), t.Matrix.Params, visit)
			}
		}
	}
	for _, t := range e.TaskSpecs() {
		for i := range t.Spec.Steps {
			eachParam(t.Spot.Index("steps", i), t.Spec.Steps[i].Params, visit)
		}
	}
}

// EachOtherValue calls visit for each param that the object sets for a resolver, or in
// the include of a matrix.
func (e *Entry) EachOtherValue(visit func(Spot, *v1.Param)) {
	spec := e.At("spec")
	switch {
	case e.Run != nil && e.Run.Spec.PipelineRef != nil:
		eachParam(spec.Field("pipelineRef"), e.Run.Spec.PipelineRef.Params, visit)
	case e.TaskRun != nil && e.TaskRun.Spec.TaskRef != nil:
		eachParam(spec.Field("taskRef"), e.TaskRun.Spec.TaskRef.Params, visit)
	}
	for _, p := range e.PipelineSpecs() {
		for _, t := range p.Tasks {
			if t.Matrix != nil {
				for i := range t.Matrix.Include {
					eachParam(t.Spot.Field("matrix").Index("include", i), t.Matrix.Include[i].Params, visit)
				}
			}
			if t.TaskRef != nil {
				eachParam(t.Spot.Field("taskRef"), t.TaskRef.Params, visit)
			}
			if t.PipelineRef != nil {
				eachParam(t.Spot.Field("pipelineRef"), t.PipelineRef.Params, visit)
			}
		}
	}
	for _, t := range e.TaskSpecs() {
		for i := range t.Spec.Steps {
			if ref := t.Spec.Steps[i].Ref; ref != nil {
				eachParam(t.Spot.Index("steps", i).Field("ref"), ref.Params, visit)
			}
		}
	}
}

func eachParam(s Spot, params v1.Params, visit func(Spot, *v1.Param)) {
	for i := range params {
		visit(s.Index("params", i), &params[i])
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
	has = t.Runs.Params.Own(name) != nil
	return has, has || !t.Runs.Signed
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
