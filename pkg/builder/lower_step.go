package builder

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// stepAction is a lowered StepAction object.
type stepAction struct {
	object *v1beta1.StepAction
	at     place
	places *callsite.Places
}

// checked returns the StepAction with its places.
func (a *stepAction) checked() object.Object {
	return object.Object{Object: a.object, Locate: a.places.Locate(a.at)}
}

// step lowers a step, and the StepAction that it runs if that is described here.
func (l *lowering) step(s *Step, path diag.Path) (v1.Step, *stepAction) {
	l.in = "step " + quote(s.name)
	l.put(path, s.at)
	var out v1.Step
	out.SetContainerFields(l.container(&s.container, path))
	out.Name = l.plain(s.at, "the name of a step", s.name)
	out.DisplayName = l.prose("the display name of a step", s.display)
	out.Script = l.script(&s.container, path)
	out.Workspaces = l.isolated(s.at, s.isolate)
	out.OnError = v1.OnErrorType(l.said(s.scope, "onError", path, "onError", s.onError))
	out.When = l.stepWhen(s, path)
	out.Results = l.stepResults(path, s.results)
	if s.timeout != nil {
		out.Timeout = timeoutOf(*s.timeout)
	}
	if p := l.said(s.scope, "stdout", path, "stdoutConfig", s.stdout); p != "" {
		out.StdoutConfig = &v1.StepOutputConfig{Path: p}
	}
	if p := l.said(s.scope, "stderr", path, "stderrConfig", s.stderr); p != "" {
		out.StderrConfig = &v1.StepOutputConfig{Path: p}
	}
	var action *stepAction
	if s.action != nil {
		action = l.stepActionRef(s, &out, path)
	}
	l.mutateStep(s, &out)
	return out, action
}

// mutateStep calls the functions registered with Mutate.
func (l *lowering) mutateStep(s *Step, out *v1.Step) {
	mutate(l.problems, s.mutate, out)
	if len(s.mutate) > 0 {
		l.raw(s.scope, s.at, "a mutated field", out)
	}
}

// isolated lowers the workspaces that are mounted only in some steps.
func (l *lowering) isolated(at place, list []v1.WorkspaceUsage) []v1.WorkspaceUsage {
	out := append([]v1.WorkspaceUsage(nil), list...)
	for i := range out {
		out[i].Name = handle.Strip(out[i].Name)
		out[i].MountPath = l.plain(at, "the path of an isolated workspace", out[i].MountPath)
	}
	return out
}

// envFrom lowers the sources of envFrom.
func (l *lowering) envFrom(c *container) []corev1.EnvFromSource {
	var out []corev1.EnvFromSource
	for i := range c.envFrom {
		e := c.envFrom[i].DeepCopy()
		l.raw(c.scope, c.at, "a source of the environment", e)
		out = append(out, *e)
	}
	return out
}

func (l *lowering) stepWhen(s *Step, path diag.Path) v1.StepWhenExpressions {
	var out v1.StepWhenExpressions
	for i, w := range s.when {
		if !w.made {
			l.reportf(s.at, "when-invalid", "%s has an empty when expression", l.in).Help = "make it with In, NotIn or StepCEL"
			continue
		}
		l.put(path.FieldIndex("when", i), w.at)
		if w.op == "" {
			out = append(out, v1.WhenExpression{CEL: l.text(s.scope, w.at, "when expression", "", w.cel)})
			continue
		}
		e := v1.WhenExpression{Input: l.text(s.scope, w.at, "when expression", "", w.input), Operator: w.op}
		for _, v := range w.values {
			e.Values = append(e.Values, l.text(s.scope, w.at, "values", "", v))
		}
		out = append(out, e)
	}
	return out
}

func (l *lowering) stepResults(path diag.Path, list []*resultDecl) []v1.StepResult {
	var out []v1.StepResult
	for i, d := range list {
		l.put(path.FieldIndex("results", i), d.at)
		r := v1.StepResult{
			Name:        l.plain(d.at, "the name of a result", d.name),
			Description: l.plain(d.at, "the description of a result", d.desc),
			Properties:  l.properties(d.at, d.keys),
		}
		if d.kind != stringKind {
			r.Type = v1.ResultsType(d.kind)
		}
		out = append(out, r)
	}
	return out
}

// stepActionRef lowers the reference of a step to a StepAction and its params.
func (l *lowering) stepActionRef(s *Step, out *v1.Step, path diag.Path) *stepAction {
	a := s.action
	for _, in := range a.inputs {
		p := v1.Param{Name: handle.Strip(in.name)} // which is checked where it is declared
		switch {
		case in.kind == arrayKind && in.array.d != nil:
			p.Value = l.taskArray(s, in)
		case in.kind == objectKind && in.object.d != nil:
			p.Value = l.taskObject(s, in)
		case in.kind == stringKind && in.text != "":
			p.Value = *v1.NewStructuredValues(l.text(s.scope, s.at, "param", in.name, in.text))
		default:
			continue
		}
		l.put(path.FieldIndex("params", len(out.Params)), s.at)
		out.Params = append(out.Params, p)
	}
	if a.from != nil || a.existing {
		l.knows(path.Field("ref"), a.signature(l))
	}
	if a.from != nil {
		out.Ref = &v1.Ref{ResolverRef: l.stepResolver(s, a.from.of("stepaction"))}
		return nil
	}
	out.Ref = &v1.Ref{Name: l.plain(s.at, "the name of a StepAction", a.def.name)}
	if a.existing {
		return nil
	}
	return a.lower(l)
}

// taskArray lowers the value of an array param of a StepAction.
func (l *lowering) taskArray(s *Step, in *actionInput) v1.ParamValue {
	if in.array.ofStep() { // Tekton replaces it only if it is the whole value
		return *v1.NewStructuredValues(l.text(s.scope, s.at, "values", in.name, in.array.All()))
	}
	v := v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: []string{}}
	for _, item := range Array(in.array).list() {
		v.ArrayVal = append(v.ArrayVal, l.text(s.scope, s.at, "values", in.name, TaskString(item)))
	}
	return v
}

// taskObject lowers the value of an object param of a StepAction.
func (l *lowering) taskObject(s *Step, in *actionInput) v1.ParamValue {
	d := in.object.d
	if d.whole != "" {
		return *v1.NewStructuredValues(l.text(s.scope, s.at, "values", in.name, TaskString(d.whole)))
	}
	v := v1.ParamValue{Type: v1.ParamTypeObject, ObjectVal: map[string]string{}}
	for _, k := range slices.Sorted(maps.Keys(d.fields)) {
		v.ObjectVal[l.plain(s.at, "a key of an object", k)] = l.text(s.scope, s.at, "param", in.name, TaskString(d.fields[k]))
	}
	return v
}

// lower returns the StepAction object.
func (s *StepAction) lower(task *lowering) *stepAction {
	l := newLowering(s.ref())
	l.in = "StepAction " + quote(s.def.name)
	o, spec := &v1beta1.StepAction{}, diag.Fields("spec")
	o.APIVersion, o.Kind = v1beta1.SchemeGroupVersion.String(), "StepAction"
	o.Name = handle.Strip(s.def.name)
	o.Labels = l.labels(diag.Fields("metadata", "labels"), s.labels)
	o.Annotations = l.labels(diag.Fields("metadata", "annotations"), s.annotations)
	o.Spec = v1beta1.StepActionSpec{
		Description: l.prose("the description of a StepAction", s.desc),
		Image:       l.said(s.scope, "image", spec, "image", s.def.image),
		Command:     l.texts(s.scope, "command", spec, "command", s.def.command),
		Args:        l.texts(s.scope, "args", spec, "args", s.def.args),
		Env:         l.env(&s.def, spec),
		Script:      l.said(s.scope, "script", spec, "script", s.def.script),
		WorkingDir:  l.said(s.scope, "working dir", spec, "workingDir", s.def.dir),
		Params:      l.params(spec, s.params),
		Results:     l.stepResults(spec, s.results),

		SecurityContext: l.security(&s.def),
	}
	o.Spec.VolumeMounts = l.mounts(&s.def, spec)
	mutate(l.problems, s.mutate, &o.Spec)
	if len(s.mutate) > 0 {
		l.raw(s.scope, s.def.at, "a mutated field", &o.Spec)
	}
	task.list = append(task.list, l.list...)
	return &stepAction{object: o, at: s.def.at, places: l.places}
}
