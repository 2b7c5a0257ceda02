package builder

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/check"
)

// definition is a lowered task: an object of its own or part of a pipeline.
type definition struct {
	name     string
	at       place
	spec     v1.TaskSpec
	meta     metav1.ObjectMeta
	places   map[string]place // by path within the Task, spec....
	findings check.Findings
	actions  []*stepAction
}

// ref is the Task object, for findings.
func (t *Task) ref() check.Ref {
	return check.Ref{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Task", Name: t.name}
}

// lower makes the definition of a task that is not remote or custom.
func (t *Task) lower() *definition {
	l := newLowering(t.ref())
	d := &definition{name: t.name, at: t.node.at, places: l.places}
	if t.source != nil && t.source.task != nil {
		t.lowerGiven(l, d)
		d.findings = l.list
		return d
	}
	d.meta = metav1.ObjectMeta{
		Name:        l.plain(t.node.at, "the name of a task type", t.name),
		Labels:      l.labels("metadata.labels", t.labels),
		Annotations: l.labels("metadata.annotations", t.annotations),
	}
	s := &d.spec
	s.Description = l.plain(t.node.at, "a task's description", t.desc)
	s.Params = l.params("spec.params", t.params)
	s.Workspaces = l.workspaces(t.workspaces)
	s.Results = l.results(t)
	if t.template != nil {
		s.StepTemplate = l.template(t.template)
	}
	for i, st := range t.steps {
		step, action := l.step(st, index("spec.steps", i))
		s.Steps = append(s.Steps, step)
		if action != nil {
			d.actions = append(d.actions, action)
		}
	}
	for i, sc := range t.sidecars {
		s.Sidecars = append(s.Sidecars, l.sidecar(sc, index("spec.sidecars", i)))
	}
	for i, v := range t.volumes {
		l.put(index("spec.volumes", i), v.at)
		vol := v.v.DeepCopy()
		l.in = "the task"
		l.raw(t.scope, v.at, "a volume", vol)
		s.Volumes = append(s.Volumes, *vol)
	}
	t.mutated(l, s)
	d.findings = l.list
	return d
}

// mutated applies the changes that the caller asked for.
func (t *Task) mutated(l *lowering, s *v1.TaskSpec) {
	for _, change := range t.mutate {
		change(s)
	}
	if len(t.mutate) > 0 {
		l.in = "the mutated task"
		l.raw(t.scope, t.node.at, "a field", s)
	}
}

func (l *lowering) params(path string, list []*paramDecl) v1.ParamSpecs {
	if len(list) == 0 {
		return nil
	}
	out := make(v1.ParamSpecs, len(list))
	for i, d := range list {
		l.put(index(path, i), d.at)
		out[i] = d.spec()
		out[i].Name = l.plain(d.at, "the name of a param", d.name)
		out[i].Description = l.plain(d.at, "the description of a param", d.desc)
		if def := out[i].Default; def != nil {
			what := "the default of param " + strconv.Quote(d.name)
			def.StringVal = l.plain(d.at, what, def.StringVal)
			for j := range def.ArrayVal {
				def.ArrayVal[j] = l.plain(d.at, what, def.ArrayVal[j])
			}
			for k, v := range def.ObjectVal {
				def.ObjectVal[k] = l.plain(d.at, what, v)
			}
		}
	}
	return out
}

func (l *lowering) workspaces(list []*mountDecl) []v1.WorkspaceDeclaration {
	var out []v1.WorkspaceDeclaration
	for i, d := range list {
		l.put(index("spec.workspaces", i), d.at)
		out = append(out, v1.WorkspaceDeclaration{
			Name:        l.plain(d.at, "the name of a workspace", d.name),
			Description: l.plain(d.at, "the description of a workspace", d.desc),
			MountPath:   l.plain(d.at, "the mount path of a workspace", d.mountPath),
			ReadOnly:    d.readOnly,
			Optional:    d.optional,
		})
	}
	return out
}

func (l *lowering) results(t *Task) []v1.TaskResult {
	var out []v1.TaskResult
	for i, d := range t.results {
		l.put(index("spec.results", i), d.at)
		r := v1.TaskResult{
			Name:        l.plain(d.at, "the name of a result", d.name),
			Description: l.plain(d.at, "the description of a result", d.desc),
			Properties:  properties(d.keys),
		}
		if d.kind != stringKind {
			r.Type = v1.ResultsType(d.kind)
		}
		if d.fromStep {
			r.Value = v1.NewStructuredValues(l.text(t.scope, d.at, "result", d.name, d.value))
		}
		out = append(out, r)
	}
	return out
}

func (l *lowering) template(s *Step) *v1.StepTemplate {
	l.in = "the step template"
	path := "spec.stepTemplate"
	l.put(path, s.at)
	return &v1.StepTemplate{
		Image:            l.said(s.scope, "image", path+".image", s.image),
		Command:          l.texts(s.scope, "command", path+".command", s.command),
		Args:             l.texts(s.scope, "args", path+".args", s.args),
		WorkingDir:       l.said(s.scope, "working dir", path+".workingDir", s.dir),
		EnvFrom:          l.envFrom(&s.container),
		Env:              l.env(&s.container, path+".env"),
		ComputeResources: l.resources(&s.container),
		VolumeMounts:     l.mounts(&s.container, path+".volumeMounts"),
		SecurityContext:  s.security.DeepCopy(),
	}
}

func (l *lowering) sidecar(s *Sidecar, path string) v1.Sidecar {
	l.in = "sidecar " + strconv.Quote(s.name)
	l.put(path, s.at)
	out := v1.Sidecar{
		Name:             l.plain(s.at, "the name of a sidecar", s.name),
		Image:            l.said(s.scope, "image", path+".image", s.image),
		Command:          l.texts(s.scope, "command", path+".command", s.command),
		Args:             l.texts(s.scope, "args", path+".args", s.args),
		Env:              l.env(&s.container, path+".env"),
		ComputeResources: l.resources(&s.container),
		VolumeMounts:     l.mounts(&s.container, path+".volumeMounts"),
		ReadinessProbe:   l.probe(s),
		SecurityContext:  s.security.DeepCopy(),
		Script:           l.said(s.scope, "script", path+".script", s.script),
	}
	for _, p := range s.ports {
		out.Ports = append(out.Ports, corev1.ContainerPort{Name: p.name, ContainerPort: int32(p.number)}) //nolint:gosec // checked as a port
	}
	for _, change := range s.mutate {
		change(&out)
	}
	if len(s.mutate) > 0 {
		l.raw(s.scope, s.at, "a mutated field", &out)
	}
	return out
}

func (l *lowering) probe(s *Sidecar) *corev1.Probe {
	probe := s.ready.DeepCopy()
	if probe != nil {
		l.raw(s.scope, s.at, "the readiness probe", probe)
	}
	return probe
}
