package builder

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

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
	out := v1.Step{
		Name:             l.plain(s.at, "the name of a step", s.name),
		Image:            l.said(s.scope, "image", path, "image", s.image),
		Command:          l.texts(s.scope, "command", path, "command", s.command),
		Args:             l.texts(s.scope, "args", path, "args", s.args),
		WorkingDir:       l.said(s.scope, "working dir", path, "workingDir", s.dir),
		EnvFrom:          l.envFrom(&s.container),
		Env:              l.env(&s.container, path),
		ComputeResources: l.resources(&s.container),
		VolumeMounts:     l.mounts(&s.container, path),
		SecurityContext:  l.security(&s.container),
		Script:           l.said(s.scope, "script", path, "script", s.script),
		Workspaces:       l.isolated(s.at, s.isolate),
		OnError:          s.onError,
		When:             l.stepWhen(s, path),
		Results:          l.stepResults(path, s.results),
	}
	if s.timeout != nil {
		out.Timeout = &metav1.Duration{Duration: *s.timeout}
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
	mutate(l.problems, s.mutate, &out)
	if len(s.mutate) > 0 {
		l.raw(s.scope, s.at, "a mutated field", &out)
	}
	return out, action
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
			l.reportf(s.at, "when-invalid", "%s has an empty when expression", l.in).Help = "make it with In or NotIn"
			continue
		}
		l.put(path.FieldIndex("when", i), w.at)
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
		out = append(out, v1.StepResult{
			Name:        l.plain(d.at, "the name of a result", d.name),
			Description: l.plain(d.at, "the description of a result", d.desc),
		})
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
			p.Value = v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: []string{
				l.text(s.scope, s.at, "values", in.name, in.array.All()),
			}}
		case in.kind == stringKind && in.text != "":
			p.Value = *v1.NewStructuredValues(l.text(s.scope, s.at, "param", in.name, in.text))
		default:
			continue
		}
		l.put(path.FieldIndex("params", len(out.Params)), s.at)
		out.Params = append(out.Params, p)
	}
	if a.from != nil {
		l.signature(func(l *lowering) {
			l.params(diag.Path{}, a.params)
			l.stepResults(diag.Path{}, a.results)
		})
		out.Ref = &v1.Ref{ResolverRef: l.resolver(wiring{problems: l.problems, owner: s.task.pipelineTask.scope.owner}, a.from.of("stepaction"))}
		return nil
	}
	out.Ref = &v1.Ref{Name: l.plain(s.at, "the name of a StepAction", a.def.name)}
	return a.lower(l)
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
	for i, m := range s.mounts {
		l.put(spec.FieldIndex("volumeMounts", i), m.at)
		o.Spec.VolumeMounts = append(o.Spec.VolumeMounts, corev1.VolumeMount{
			Name: l.text(s.scope, m.at, "volume", "", m.volume), MountPath: l.text(s.scope, m.at, "mount path", "", m.path),
		})
	}
	mutate(l.problems, s.mutate, &o.Spec)
	if len(s.mutate) > 0 {
		l.raw(s.scope, s.def.at, "a mutated field", &o.Spec)
	}
	task.list = append(task.list, l.list...)
	return &stepAction{object: o, at: s.def.at, places: l.places}
}
