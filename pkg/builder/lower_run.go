package builder

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// lower returns the PipelineRun of a pipeline that has been lowered.
func (r *PipelineRun) lower(low *lowered) *loweredRun {
	out := &loweredRun{}
	p := r.pipeline
	name := text(r.name)
	l := newLowering(diag.ObjectRef{APIVersion: v1.SchemeGroupVersion.String(), Kind: "PipelineRun", Name: name})
	l.in = "the run"
	c := wiring{problems: l.problems, owner: p.owner, run: true, events: &out.events}
	o := &v1.PipelineRun{TypeMeta: metav1.TypeMeta{APIVersion: v1.SchemeGroupVersion.String(), Kind: "PipelineRun"}}
	c.check(r.at, "the name of the run", string(r.name))
	o.ObjectMeta = named(name, r.prefix)
	o.Labels = l.values(c, diag.Fields("metadata", "labels"), r.labels)
	o.Annotations = l.values(c, diag.Fields("metadata", "annotations"), r.annotations)
	l.arguments(r, o, c)
	l.volatile(r)
	if r.account != "" {
		o.Spec.TaskRunTemplate.ServiceAccountName = l.plain(r.at, "the service account of a run", r.account)
	}
	if r.pod != nil {
		o.Spec.TaskRunTemplate.PodTemplate = r.pod.DeepCopy()
		c.raw(r.at, "the pod template of the run", o.Spec.TaskRunTemplate.PodTemplate)
	}
	if t := r.timeouts; t != (Timeouts{}) {
		o.Spec.Timeouts = &v1.TimeoutFields{Pipeline: duration(t.Pipeline), Tasks: duration(t.Tasks), Finally: duration(t.Finally)}
	}
	for i, x := range r.taskRunSpecs {
		if j := slices.IndexFunc(r.taskRunSpecs, func(y taskRunSpec) bool { return y.pipelineTask == x.pipelineTask }); j < i && x.pipelineTask != nil {
			f := l.reportf(x.at, "taskrunspec-duplicate", "the run has two TaskRunSpecs for task %s", quote(x.pipelineTask.name))
			f.Help, f.Subject = "merge them into one", x.pipelineTask.name
			f.Related = []diag.Related{{Message: "the first one", Position: r.taskRunSpecs[j].at.Position()}}
			continue
		}
		if s, ok := l.taskRunSpec(p, x); ok {
			l.put(diag.Fields("spec").FieldIndex("taskRunSpecs", len(o.Spec.TaskRunSpecs)), x.at)
			o.Spec.TaskRunSpecs = append(o.Spec.TaskRunSpecs, s)
		}
	}
	if r.embed && p.elsewhere == nil {
		o.Spec.PipelineSpec = low.object.Spec.DeepCopy()
		l.mount(diag.Fields("spec", "pipelineSpec"), low.known)
	} else {
		o.Spec.PipelineRef = l.pipelineRef(p, low, r.at, diag.Fields("spec", "pipelineRef"), c, r.embed)
	}
	fsGroup(&o.Spec.TaskRunTemplate.PodTemplate, r.group, r.groupPolicy)
	mutate(l.problems, r.mutate, o)
	if len(r.mutate) > 0 {
		c.raw(r.at, "a mutated field", o)
	}
	out.run = o
	out.object = object.Object{Object: o, Locate: l.places.Locate(r.at), Adjust: r.adjust(), Signature: l.known.find()}
	out.findings = l.list
	return out
}

// loweredRun is a run as an upstream struct.
type loweredRun struct {
	run      *v1.PipelineRun
	object   object.Object
	findings diag.Findings
	events   []EventField
}

// EventField is a field of an event that a run uses.
type EventField struct {
	Text     String        // the handle of the field
	Position diag.Position // where the run uses it
}

// checkable returns the run as the rules can check it. They know nothing of
// events, so a word replaces each field of an event, and $(uid), which a template
// replaces.
func (lr *loweredRun) checkable() object.Object {
	o := lr.object
	c := lr.run.DeepCopy()
	pairs := []string{tekref.Text(tekref.UID), "event"}
	for _, e := range lr.events {
		pairs = append(pairs, text(e.Text), "event")
	}
	stand := strings.NewReplacer(pairs...)
	handle.Walk(c, stand.Replace)
	o.Object = c
	return o
}

// eventsMisplaced returns the findings for a run that uses fields of an event but
// is not started by one.
func (lr *loweredRun) eventsMisplaced() diag.Findings {
	var out diag.Findings
	for _, e := range lr.events {
		help := "pass the run to the On method of a listener instead of adding it to the set"
		if tok, _ := handle.Single(string(e.Text)); tok.Owner.Scope == handle.PaC {
			help = "pass the run to pac.Run, and add what that returns to the set"
		}
		out = append(out, diag.Finding{
			Code: "event-misplaced", Severity: diag.Error, Position: e.Position,
			Object:  diag.ObjectRef{APIVersion: lr.run.APIVersion, Kind: lr.run.Kind, Name: lr.run.Name + lr.run.GenerateName},
			Message: "the run uses " + quote(text(e.Text)) + ", a field of an event, but no event starts it",
			Help:    help,
		})
	}
	return out
}

// named returns metadata with a name, or with a generateName if it is a prefix or ends in -.
func named(name string, prefix bool) metav1.ObjectMeta {
	if prefix || strings.HasSuffix(name, "-") {
		return metav1.ObjectMeta{GenerateName: name}
	}
	return metav1.ObjectMeta{Name: name}
}

// timeoutOf returns a timeout; see [NoTimeout].
func timeoutOf(d time.Duration) *metav1.Duration {
	if d == NoTimeout {
		d = 0
	}
	return &metav1.Duration{Duration: d}
}

// duration returns a timeout, nil for 0.
func duration(d time.Duration) *metav1.Duration {
	if d == 0 {
		return nil
	}
	return timeoutOf(d)
}

// values lowers labels or annotations of a run, which may use fields of events.
func (l *lowering) values(c wiring, path diag.Path, list []label) map[string]string {
	if len(list) == 0 {
		return nil
	}
	m := make(map[string]string, len(list))
	for _, x := range list {
		c.check(x.at, "the value of "+noun(path)+" "+quote(x.key), string(x.value))
		m[l.plain(x.at, "the key of a "+noun(path), x.key)] = text(x.value)
		l.put(path.Key(handle.Strip(x.key)), x.at)
	}
	return m
}

// arguments lowers params and workspaces.
func (l *lowering) arguments(r *PipelineRun, o *v1.PipelineRun, c wiring) {
	for _, a := range r.args {
		switch a := a.(type) {
		case *paramArg:
			if p, ok := l.paramArg(r.pipeline, a, c); ok {
				l.put(diag.Fields("spec").FieldIndex("params", len(o.Spec.Params)), a.at)
				o.Spec.Params = append(o.Spec.Params, p)
			}
		case *WorkspaceBinding:
			if a == nil || (!a.passed || a.target.d == nil) && !l.ofPipeline(a.at, r.pipeline, a.target) {
				continue
			}
			l.put(diag.Fields("spec").FieldIndex("workspaces", len(o.Spec.Workspaces)), a.at)
			o.Spec.Workspaces = append(o.Spec.Workspaces, l.binding(a, c))
		case *nestedWorkspace:
			f := l.report(a.at, "binding-misplaced", "the workspace of a run is bound to another workspace")
			f.Help, f.Subject = "bind it to a volume with PVC, VolumeClaimTemplate, EmptyDir, Secret, ConfigMap or Bind", a.target.name()
		}
	}
}

// taskRunSpec lowers the overrides of a run for one task.
func (l *lowering) taskRunSpec(p *Pipeline, x taskRunSpec) (v1.PipelineTaskRunSpec, bool) {
	switch {
	case x.pipelineTask == nil:
		l.report(x.at, "task-unknown", "the task passed to TaskRunSpec is nil").
			Help = "pass TaskRunSpec what Add returned for a task of pipeline " + quote(p.name)
		return v1.PipelineTaskRunSpec{}, false
	case x.pipelineTask.pipeline != p:
		f := l.reportf(x.at, "handle-foreign", "task %s does not belong to Pipeline %s, which the run starts", quote(x.pipelineTask.name), quote(p.name))
		f.Help, f.Subject = "pass TaskRunSpec what Add returned for a task of pipeline "+quote(p.name), x.pipelineTask.name
		return v1.PipelineTaskRunSpec{}, false
	}
	defer func(in string) { l.in = in }(l.in)
	l.in = "task " + quote(x.pipelineTask.name)
	o := x.o
	s := v1.PipelineTaskRunSpec{
		PipelineTaskName: handle.Strip(x.pipelineTask.name), ServiceAccountName: l.plain(x.at, "the service account of "+l.in, o.ServiceAccount),
		Timeout: duration(o.Timeout), ComputeResources: l.compute(amounts(x.at, o.CPU, o.Memory), nil),
	}
	if !reflect.DeepEqual(o.Pod, pod.Template{}) {
		s.PodTemplate = o.Pod.DeepCopy()
	}
	o = o.clone()
	s.StepSpecs, s.SidecarSpecs = o.Steps, o.Sidecars
	if len(o.Labels)+len(o.Annotations) > 0 {
		s.Metadata = &v1.PipelineTaskMetadata{Labels: o.Labels, Annotations: o.Annotations}
	}
	wiring{problems: l.problems, owner: p.owner, run: true}.raw(x.at, "the TaskRunSpec of "+l.in, &s)
	if s.ComputeResources == nil && !reflect.DeepEqual(o.Resources, corev1.ResourceRequirements{}) {
		s.ComputeResources = &corev1.ResourceRequirements{}
	}
	if r := s.ComputeResources; r != nil {
		r.Requests, r.Limits, r.Claims = joinAmounts(r.Requests, o.Resources.Requests), joinAmounts(r.Limits, o.Resources.Limits), o.Resources.Claims
	}
	return s, true
}

// joinAmounts adds amounts to a list.
func joinAmounts(list, more corev1.ResourceList) corev1.ResourceList {
	if len(more) == 0 {
		return list
	}
	if list == nil {
		list = corev1.ResourceList{}
	}
	maps.Copy(list, more)
	return list
}

// compute returns requests and limits, nil if there are none.
func (l *lowering) compute(requests, limits []amount) *corev1.ResourceRequirements {
	r := corev1.ResourceRequirements{Requests: l.amounts(requests), Limits: l.amounts(limits)}
	if r.Requests == nil && r.Limits == nil {
		return nil
	}
	return &r
}

// lower returns the TaskRun and the objects that it refers to.
func (r *TaskRun) lower() (*v1.TaskRun, []object.Object, diag.Findings) {
	n := r.pipelineTask
	l := newLowering(n.scope.problems.owner)
	l.in = "the run"
	c := wiring{problems: l.problems, owner: n.scope.owner, run: true}
	o := &v1.TaskRun{TypeMeta: metav1.TypeMeta{APIVersion: v1.SchemeGroupVersion.String(), Kind: "TaskRun"}}
	o.ObjectMeta = named(l.plain(r.at, "the name of a run", r.name), r.prefix)
	o.Labels = l.labels(diag.Fields("metadata", "labels"), r.labels)
	o.Annotations = l.labels(diag.Fields("metadata", "annotations"), r.annotations)
	n.embed = r.embed
	var pt v1.PipelineTask
	def := l.define(n, &pt, diag.Fields("spec"))
	o.Spec.TaskRef = pt.TaskRef
	if r.embed && pt.TaskSpec != nil && pt.TaskSpec.APIVersion == "" {
		o.Spec.TaskSpec, pt.TaskSpec = &pt.TaskSpec.TaskSpec, nil
	}
	if s := n.source(); pt.TaskSpec != nil || s != nil && s.apiVersion != "" {
		o.Spec.TaskRef = &v1.TaskRef{Name: "none"}
		l.reportf(r.at, "source-invalid", "%s is a custom task, which a TaskRun cannot run", n.task.typeName).
			Help = "add it to a pipeline"
	}
	n.taskRunParams(l, o)
	for _, a := range r.args {
		b, ok := a.(*WorkspaceBinding)
		if !ok || b == nil {
			l.report(r.at, "binding-misplaced", "RunTask accepts only volumes for workspaces as arguments").
				Help = "to set a param, set the field in the struct of the task"
			continue
		}
		l.taskBinding(n, b, o, c)
	}
	o.Spec.ServiceAccountName = l.plain(r.at, "the service account of a run", r.account)
	o.Spec.Retries = r.retries
	if r.timeout != nil {
		o.Spec.Timeout = timeoutOf(*r.timeout)
	}
	if r.pod != nil {
		o.Spec.PodTemplate = r.pod.DeepCopy()
		c.raw(r.at, "the pod template of the run", o.Spec.PodTemplate)
	}
	o.Spec.ComputeResources = l.compute(r.requests, r.limits)
	for _, s := range r.steps {
		s.Name = l.plain(r.at, "the name of a step", s.Name)
		o.Spec.StepSpecs = append(o.Spec.StepSpecs, *s.DeepCopy())
	}
	for _, s := range r.sidecars {
		s.Name = l.plain(r.at, "the name of a sidecar", s.Name)
		o.Spec.SidecarSpecs = append(o.Spec.SidecarSpecs, *s.DeepCopy())
	}
	fsGroup(&o.Spec.PodTemplate, r.group, r.groupPolicy)
	mutate(l.problems, r.mutate, o)
	if len(r.mutate) > 0 {
		c.raw(r.at, "a mutated field", o)
	}
	var objects []object.Object
	if def != nil {
		objects = def.withActions()
	}
	objects = append(objects, object.Object{Object: o, Locate: l.places.Locate(r.at), Adjust: r.adjust(), Signature: l.known.find()})
	return o, objects, append(append(diag.Findings(nil), n.scope.problems.list...), l.list...)
}

// taskRunParams lowers the inputs of a task that runs without a pipeline.
func (t *PipelineTask) taskRunParams(l *lowering, o *v1.TaskRun) {
	for _, in := range t.params {
		if tok, ok := handle.Single(string(in.str)); ok && tok.Form == handle.Each || !in.isSet() {
			continue
		}
		l.put(diag.Fields("spec").FieldIndex("params", len(o.Spec.Params)), t.at)
		o.Spec.Params = append(o.Spec.Params, v1.Param{Name: handle.Strip(in.name), Value: in.value()})
	}
}

// taskBinding binds each workspace of the task that uses the workspace of b.
func (l *lowering) taskBinding(n *PipelineTask, b *WorkspaceBinding, o *v1.TaskRun, c wiring) {
	if b.target.d == nil {
		l.report(b.at, "workspace-unknown", "a volume is bound to a workspace that is not set").
			Help = "use what builder.NewWorkspace returned"
		return
	}
	used := b.passed
	if b.passed {
		l.put(diag.Fields("spec").FieldIndex("workspaces", len(o.Spec.Workspaces)), b.at)
		o.Spec.Workspaces = append(o.Spec.Workspaces, l.binding(b, c))
	}
	for _, m := range n.workspaces {
		if m.from.d == nil || m.from.d.decl != b.target.d.decl {
			continue
		}
		used = true
		v := l.binding(b, c)
		v.Name = handle.Strip(m.decl.name)
		if sub := text(m.from.d.sub); sub != "" {
			if v.SubPath != "" {
				sub = v.SubPath + "/" + sub
			}
			v.SubPath = sub
		}
		l.put(diag.Fields("spec").FieldIndex("workspaces", len(o.Spec.Workspaces)), b.at)
		o.Spec.Workspaces = append(o.Spec.Workspaces, v)
	}
	if !used {
		l.reportf(b.at, "workspace-unknown", "the task does not use workspace %s", quote(b.target.d.decl.name)).
			Help = "set a field of " + n.task.typeName + " to the workspace, or remove the volume"
	}
}
