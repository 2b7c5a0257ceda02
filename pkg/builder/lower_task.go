package builder

import (
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// definition is a lowered task: a Task object, or part of a pipeline.
type definition struct {
	name     string
	at       place
	spec     v1.TaskSpec
	meta     metav1.ObjectMeta
	places   *callsite.Places // by path within the Task, spec....
	adjust   func(diag.Finding) (diag.Finding, bool)
	findings diag.Findings
	actions  []*stepAction
	known    signatures // of what the Task refers to
	nested   *lowered   // the nested pipeline, if the task runs one
	embedded bool       // the nested pipeline is not a separate object
}

// ref returns a reference to the Task object, for findings.
func (t *Task) ref() diag.ObjectRef {
	return diag.ObjectRef{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Task", Name: t.name}
}

// lower returns the definition of a task that is not remote or custom.
func (t *Task) lower() *definition {
	l := newLowering(t.ref())
	d := &definition{name: t.name, at: t.pipelineTask.at, places: l.places, adjust: t.adjust()}
	if t.source != nil && t.source.task != nil {
		t.lowerSource(l, d)
		d.meta.Annotations = t.concurrent(d.meta.Annotations)
		d.findings = l.list
		return d
	}
	d.meta = metav1.ObjectMeta{
		Name:        l.plain(t.pipelineTask.at, "the name of a task type", t.name),
		Labels:      l.labels(diag.Fields("metadata", "labels"), t.labels),
		Annotations: t.concurrent(l.labels(diag.Fields("metadata", "annotations"), t.annotations)),
	}
	s := &d.spec
	s.DisplayName = l.prose("the display name of a task", t.display)
	s.Description = l.prose("the description of a task", t.desc)
	s.Params = l.params(diag.Fields("spec"), t.params)
	s.Workspaces = l.workspaces(t.workspaces)
	s.Results = l.results(t)
	if t.template != nil {
		s.StepTemplate = l.template(t.template)
	}
	for i, st := range t.steps {
		step, action := l.step(st, diag.Fields("spec").FieldIndex("steps", i))
		s.Steps = append(s.Steps, step)
		if action != nil {
			d.actions = append(d.actions, action)
		}
	}
	for i, sc := range t.sidecars {
		s.Sidecars = append(s.Sidecars, l.sidecar(sc, diag.Fields("spec").FieldIndex("sidecars", i)))
	}
	for i, v := range t.volumes {
		l.put(diag.Fields("spec").FieldIndex("volumes", i), v.at)
		vol := v.v.DeepCopy()
		l.in = "the task"
		l.raw(t.scope, v.at, "a volume", vol)
		s.Volumes = append(s.Volumes, *vol)
	}
	t.mutated(l, s)
	d.findings, d.known = l.list, l.known
	return d
}

// concurrent adds the annotation for the workspaces that are declared with Concurrent.
func (t *Task) concurrent(annotations map[string]string) map[string]string {
	var names []string
	for _, m := range t.workspaces {
		if m.concurrent {
			names = append(names, handle.Strip(m.name))
		}
	}
	if len(names) == 0 {
		return annotations
	}
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[rule.ConcurrentAnnotation] = strings.Join(names, ",")
	return annotations
}

// mutated calls the functions registered with Mutate.
func (t *Task) mutated(l *lowering, s *v1.TaskSpec) {
	mutate(l.problems, t.mutate, s)
	if len(t.mutate) > 0 {
		l.in = "the task changed by Mutate"
		l.raw(t.scope, t.pipelineTask.at, "a field", s)
	}
}

func (l *lowering) params(path diag.Path, list []*paramDecl) v1.ParamSpecs {
	if len(list) == 0 {
		return nil
	}
	out := make(v1.ParamSpecs, len(list))
	for i, d := range list {
		l.put(path.FieldIndex("params", i), d.at)
		out[i] = d.spec()
		out[i].Name = l.plain(d.at, "the name of a param", d.name)
		out[i].Description = l.plain(d.at, "the description of a param", d.desc)
		for j, v := range out[i].Enum {
			out[i].Enum[j] = l.plain(d.at, "a value of the enum of param "+quote(d.name), v)
		}
		out[i].Properties = l.properties(d.at, d.keys)
		if def := out[i].Default; def != nil {
			what := "the default of param " + quote(d.name)
			def.StringVal = l.plain(d.at, what, def.StringVal)
			for j := range def.ArrayVal {
				def.ArrayVal[j] = l.plain(d.at, what, def.ArrayVal[j])
			}
			for k, v := range def.ObjectVal {
				delete(def.ObjectVal, k)
				def.ObjectVal[l.plain(d.at, what, k)] = l.plain(d.at, what, v)
			}
		}
	}
	return out
}

// properties lowers the keys of an object.
func (l *lowering) properties(at place, keys []string) map[string]v1.PropertySpec {
	if keys == nil {
		return nil
	}
	p := make(map[string]v1.PropertySpec, len(keys))
	for _, k := range keys {
		p[l.plain(at, "a key of an object", k)] = v1.PropertySpec{Type: v1.ParamTypeString}
	}
	return p
}

func (l *lowering) workspaces(list []*mountDecl) []v1.WorkspaceDeclaration {
	var out []v1.WorkspaceDeclaration
	for i, d := range list {
		l.put(diag.Fields("spec").FieldIndex("workspaces", i), d.at)
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
		l.put(diag.Fields("spec").FieldIndex("results", i), d.at)
		r := v1.TaskResult{
			Name:        l.plain(d.at, "the name of a result", d.name),
			Description: l.plain(d.at, "the description of a result", d.desc),
			Properties:  l.properties(d.at, d.keys),
		}
		if d.kind != stringKind {
			r.Type = v1.ResultsType(d.kind)
		}
		if d.fromStep && d.value != "" && d.stepKind != "" && d.stepKind != d.kind {
			l.reportf(d.at, "result-value", "%s result %s uses %s result of a step", d.kind, quote(d.name), phrase.Article(d.stepKind)).
				Help = "declare both with the same type"
		}
		if d.fromStep && d.value == "" {
			l.reportf(d.at, "result-value", "result %s uses the result of a step that does not exist", quote(d.name)).
				Help = "pass FromStep what the Result method of a step returned"
		} else if d.fromStep {
			r.Value = v1.NewStructuredValues(l.text(t.scope, d.at, "result", d.name, d.value))
		}
		out = append(out, r)
	}
	return out
}

func (l *lowering) template(s *Step) *v1.StepTemplate {
	l.in = "the step template"
	path := diag.Fields("spec", "stepTemplate")
	l.put(path, s.at)
	l.templateOnly(s)
	var step v1.Step
	step.SetContainerFields(l.container(&s.container, path))
	l.mutateStep(s, &step)
	out := &v1.StepTemplate{}
	out.SetContainerFields(*step.ToK8sContainer())
	named := step.Name
	step.SetContainerFields(corev1.Container{Name: named})
	if !reflect.DeepEqual(step, v1.Step{}) {
		l.reportf(s.at, "template-conflict", "Mutate sets fields that the step template does not have").
			Help = "set these in each step instead"
	}
	return out
}

// templateOnly reports settings that a step template does not support.
func (l *lowering) templateOnly(s *Step) {
	var used []string
	for _, x := range [...]struct {
		method string
		used   bool
	}{
		{"Script", s.script.at != nil}, {"Timeout", s.timeout != nil}, {"ContinueOnError", s.onError.v == TaskString(v1.Continue)},
		{"OnError", s.onError.at != nil && s.onError.v != TaskString(v1.Continue)}, {"DisplayName", s.display.at != nil},
		{"When", s.when != nil}, {"Isolate", s.isolate != nil}, {"Stdout", s.stdout.at != nil}, {"Stderr", s.stderr.at != nil},
		{"Result", s.results != nil},
	} {
		if x.used {
			used = append(used, x.method)
		}
	}
	if used != nil {
		l.reportf(s.at, "template-conflict", "the step template does not support %s", phrase.Or(used)).
			Help = "set these in each step instead"
	}
}

func (l *lowering) sidecar(s *Sidecar, path diag.Path) v1.Sidecar {
	l.in = "sidecar " + quote(s.name)
	l.put(path, s.at)
	var out v1.Sidecar
	out.SetContainerFields(l.container(&s.container, path))
	out.Name = l.plain(s.at, "the name of a sidecar", s.name)
	out.Workspaces = l.isolated(s.at, s.isolate)
	out.Script = l.script(&s.container, path)
	out.ReadinessProbe = l.probe(s, s.ready, "the readiness probe")
	out.LivenessProbe = l.probe(s, s.live, "the liveness probe")
	out.StartupProbe = l.probe(s, s.startup, "the startup probe")
	if s.lifecycle != nil {
		out.Lifecycle = s.lifecycle.DeepCopy()
		l.raw(s.scope, s.at, "the lifecycle", out.Lifecycle)
	}
	for _, p := range s.ports {
		out.Ports = append(out.Ports, corev1.ContainerPort{Name: l.plain(s.at, "the name of a port", p.name), ContainerPort: int32(p.number)}) // checked as a port
	}
	mutate(l.problems, s.mutate, &out)
	if len(s.mutate) > 0 {
		l.raw(s.scope, s.at, "a mutated field", &out)
	}
	return out
}

func (l *lowering) probe(s *Sidecar, p *corev1.Probe, what string) *corev1.Probe {
	p = p.DeepCopy()
	if p != nil {
		l.raw(s.scope, s.at, what, p)
	}
	return p
}
