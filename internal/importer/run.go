package importer

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/pac"
	"github.com/tekwright/tekwright/pkg/builder"
)

// runName returns the argument of Run: a name that ends in - is a generateName.
func runName(m *metav1.ObjectMeta) string {
	if m.GenerateName != "" {
		return m.GenerateName
	}
	return m.Name
}

// writePipeline translates a Pipeline to a function.
func (w *writer) writePipeline(o *v1.Pipeline) *pipelineFunc {
	b := w.newPipelineBody(o.Name, "spec", &o.Spec, newNames(w.index.names))
	b.write(o.Labels, o.Annotations)
	b.w.mutateAt(&b.body, b.p, "", reflect.TypeFor[v1.Pipeline]())
	fields := newNames(nil)
	fields.taken["Pipeline"] = true
	return &pipelineFunc{body: b, fields: fields, known: map[*plan.Var]string{}, fn: &plan.Func{
		Name: w.name("", w.index.Spelling.exported(o.Name), "Pipeline"), Says: "describes the Pipeline " + o.Name, Doc: o.Spec.Description, Body: b.body,
		Returns: b.p, Result: "*builder.Pipeline",
	}}
}

// pipelineRun translates a PipelineRun to a function, or nil if its Pipeline is not among
// the objects.
func (w *writer) pipelineRun(o *v1.PipelineRun) *plan.Func {
	f := &plan.Func{
		Name: w.name("", w.index.Spelling.exported("run-"+runName(&o.ObjectMeta)), ""), Says: "describes the PipelineRun " + runName(&o.ObjectMeta),
		Result: "*builder.PipelineRun",
	}
	r := &runBody{w: w, text: newScope(false)}
	r.text.pac = w.folder != nil
	var on plan.Expr
	switch {
	case o.Spec.PipelineSpec != nil:
		b := w.newPipelineBody(embeddedName(o), "spec.pipelineSpec", o.Spec.PipelineSpec, newNames(w.index.names))
		b.write(nil, nil)
		f.Body, on = b.body, b.p
		r.param = func(name string) (plan.Expr, v1.ParamType) {
			if d := b.scope.params[name]; d != nil {
				return d.v, d.kind
			}
			return nil, ""
		}
		r.space = func(name string) plan.Expr {
			if v := b.scope.spaces[name]; v != nil {
				return v
			}
			return nil
		}
		r.task = func(name string) plan.Expr {
			if t := b.byName[name]; t != nil {
				return t.v
			}
			return nil
		}
	case o.Spec.PipelineRef != nil:
		if pf := w.pipelineOf(o); pf != nil {
			v := &plan.Var{Name: "p"}
			f.Body = []plan.Stmt{{Var: v, Expr: plan.New{Func: pf.fn}}}
			on = v
			r.handles(v, pf)
			break
		}
		f.Body, on = r.elsewhere(o, newNames(w.index.names))
	default:
		return nil
	}
	args := append(r.params(o.Spec.Params), r.bindings(o.Spec.Workspaces)...)
	c := &chain{plan.Method(on, "Run", append([]plan.Expr{r.text.text(runName(&o.ObjectMeta))}, args...)...)}
	r.pass(c, o)
	c.from("spec")
	r.options(c, o)
	w.mutate(c, "", reflect.TypeFor[v1.PipelineRun]())
	if w.folder != nil {
		c.e, f.Result = w.folder.run(c.e), "*pac.PipelineRun"
	}
	f.Returns = c.e
	return f
}

// embeddedName returns a name for an embedded pipeline, which has none.
func embeddedName(o *v1.PipelineRun) string {
	name := runName(&o.ObjectMeta)
	if list := words(name); len(list) > 0 && name[len(name)-1] == '-' {
		return name[:len(name)-1]
	}
	return name
}

// pipelineOf returns the function of the Pipeline that a run refers to, or nil if it is not
// among the objects.
func (w *writer) pipelineOf(o *v1.PipelineRun) *pipelineFunc {
	if o.Spec.PipelineRef.Resolver != "" {
		return nil
	}
	found, file := w.index.find("Pipeline", o.Spec.PipelineRef.Name, w.file, func(p runtime.Object) bool { return accepts(p, o) })
	if p, ok := found.(*v1.Pipeline); ok && !w.index.isKnown(p) {
		return w.pipeline(p, file)
	}
	return nil
}

// elsewhere declares a Pipeline that is not among the objects, with the params and
// workspaces that a run sets.
func (r *runBody) elsewhere(o *v1.PipelineRun, names *names) ([]plan.Stmt, plan.Expr) {
	ref := o.Spec.PipelineRef
	e := plan.Fn("ExistingPipeline", plan.Text(ref.Name))
	if ref.Resolver != "" {
		e = plan.Fn("RemotePipeline", resolverCall(r.text, ref.Resolver, ref.Params))
	}
	p := &plan.Var{Name: names.take("p", "")}
	body := []plan.Stmt{{Var: p, Expr: e}}
	params, spaces := map[string]*declared{}, map[string]*plan.Var{}
	for i := range o.Spec.Params {
		x := &o.Spec.Params[i]
		d := &declared{v: &plan.Var{Name: names.take(unexported(x.Name), "Param")}, kind: x.Value.Type}
		method, args := "Param", []plan.Expr{plan.Text(x.Name)}
		switch x.Value.Type {
		case v1.ParamTypeArray:
			method = "ArrayParam"
		case v1.ParamTypeObject:
			method, args = "ObjectParam", append(args, plan.Literal{Value: slices.Sorted(maps.Keys(x.Value.ObjectVal))})
		}
		body = append(body, plan.Stmt{Var: d.v, Expr: plan.Method(p, method, args...)})
		params[x.Name] = d
	}
	for _, x := range o.Spec.Workspaces {
		v := &plan.Var{Name: names.take(unexported(x.Name), "Workspace")}
		body = append(body, plan.Stmt{Var: v, Expr: plan.Method(p, "Workspace", plan.Text(x.Name))})
		spaces[x.Name] = v
	}
	r.param = func(name string) (plan.Expr, v1.ParamType) {
		if d := params[name]; d != nil {
			return d.v, d.kind
		}
		return nil, ""
	}
	r.space = func(name string) plan.Expr {
		if v := spaces[name]; v != nil {
			return v
		}
		return nil
	}
	r.task = func(name string) plan.Expr { return plan.Method(p, "Task", plan.Text(name)) }
	return body, p
}

// pass passes params and workspaces that the pipeline does not declare.
func (r *runBody) pass(c *chain, o *v1.PipelineRun) {
	for i := range o.Spec.Params {
		p := &o.Spec.Params[i]
		if on, _ := r.param(p.Name); on != nil {
			continue
		}
		var e plan.Expr
		switch p.Value.Type {
		case v1.ParamTypeArray:
			e = plan.Fn("Strings", texts(p.Value.ArrayVal)...)
		case v1.ParamTypeObject:
			e = r.text.objectOf(p.Value.ObjectVal)
		default:
			if e = r.text.text(p.Value.StringVal); p.Value.StringVal == "" {
				e = plan.Const("Empty")
			}
		}
		c.do(passMethod(p.Value.Type), plan.Text(p.Name), e)
	}
	for i := range o.Spec.Workspaces {
		w := &o.Spec.Workspaces[i]
		if r.space(w.Name) == nil {
			c.do("PassWorkspace", r.binding(plan.Fn("NewWorkspace", plan.Text(w.Name)), w))
		}
	}
}

// accepts reports whether a Pipeline declares what a run sets.
func accepts(p runtime.Object, o *v1.PipelineRun) bool {
	spec := &p.(*v1.Pipeline).Spec
	for _, x := range o.Spec.Params {
		if !slices.ContainsFunc(spec.Params, func(d v1.ParamSpec) bool { return d.Name == x.Name }) {
			return false
		}
	}
	for _, x := range o.Spec.Workspaces {
		if !slices.ContainsFunc(spec.Workspaces, func(d v1.PipelineWorkspaceDeclaration) bool { return d.Name == x.Name }) {
			return false
		}
	}
	return true
}

// runBody translates what a run says of its pipeline or task.
type runBody struct {
	w     *writer
	text  *scope
	param func(name string) (plan.Expr, v1.ParamType)
	space func(name string) plan.Expr
	task  func(name string) plan.Expr
}

// withHandles makes a function return a struct that embeds the pipeline.
func (w *writer) withHandles(f *plan.Func) {
	if f.Struct == "" {
		f.Struct, f.Name = f.Name, w.name("= new "+f.Name, "New"+f.Name, "Pipeline")
	}
}

// handles makes the handles of a function's pipeline fields of what it returns, each on its
// first use.
func (r *runBody) handles(p *plan.Var, pf *pipelineFunc) {
	f, b := pf.fn, pf.body
	field := func(v *plan.Var, kind plan.Kind, name, suffix string) plan.Expr {
		n, ok := pf.known[v]
		if !ok {
			n = r.w.index.Spelling.exported(name)
			if _, hides := reflect.TypeFor[*builder.Pipeline]().MethodByName(n); hides {
				n += suffix
			}
			n = pf.fields.take(n, suffix)
			pf.known[v] = n
			r.w.withHandles(f)
			f.Out = append(f.Out, plan.Field{Name: n, Kind: kind})
			f.Values = append(f.Values, plan.Set{Field: n, Value: v})
		}
		return p.Of(n)
	}
	r.param = func(name string) (plan.Expr, v1.ParamType) {
		if d := b.scope.params[name]; d != nil {
			return field(d.v, kindOf(d.kind), name, "Param"), d.kind
		}
		return nil, ""
	}
	r.space = func(name string) plan.Expr {
		if v := b.scope.spaces[name]; v != nil {
			return field(v, plan.Workspace, name, "Workspace")
		}
		return nil
	}
	r.task = func(name string) plan.Expr {
		t := b.byName[name]
		if t == nil {
			return nil
		}
		return field(t.v, plan.AnyTask, name, "Task")
	}
}

func (r *runBody) params(params v1.Params) []plan.Expr {
	var out []plan.Expr
	for i := range params {
		on, kind := r.param(params[i].Name)
		if on == nil {
			continue
		}
		v := &params[i].Value
		var e plan.Expr
		switch {
		case kind == v1.ParamTypeArray && v.Type == v1.ParamTypeArray:
			e = plan.Fn("Strings", texts(v.ArrayVal)...)
		case kind == v1.ParamTypeObject && v.Type == v1.ParamTypeObject:
			e = r.text.objectOf(v.ObjectVal)
		case kind == v1.ParamTypeString && v.Type == v1.ParamTypeString:
			e = r.text.text(v.StringVal)
		default:
			continue
		}
		out = append(out, plan.Method(on, "Set", e))
	}
	return out
}

func (r *runBody) bindings(list []v1.WorkspaceBinding) []plan.Expr {
	var out []plan.Expr
	for i := range list {
		if on := r.space(list[i].Name); on != nil {
			out = append(out, r.binding(on, &list[i]))
		}
	}
	return out
}

// binding binds a workspace to a volume by the method for it, or by Bind if the volume has
// other fields than the method sets.
func (r *runBody) binding(on plan.Expr, w *v1.WorkspaceBinding) plan.Expr {
	only := func(set v1.WorkspaceBinding) bool {
		set.Name, set.SubPath = w.Name, w.SubPath
		return reflect.DeepEqual(*w, set)
	}
	var e plan.Expr = plan.Method(on, "Bind", plan.Literal{Value: *w})
	sub := w.SubPath
	switch {
	case w.PersistentVolumeClaim != nil && only(v1.WorkspaceBinding{PersistentVolumeClaim: w.PersistentVolumeClaim}):
		e = plan.Method(on, "PVC", r.text.text(w.PersistentVolumeClaim.ClaimName))
		if w.PersistentVolumeClaim.ReadOnly {
			e = plan.Method(e, "ReadOnly")
		}
	case w.EmptyDir != nil && only(v1.WorkspaceBinding{EmptyDir: &corev1.EmptyDirVolumeSource{}}):
		e = plan.Method(on, "EmptyDir")
	case w.Secret != nil && only(v1.WorkspaceBinding{Secret: &corev1.SecretVolumeSource{SecretName: w.Secret.SecretName}}):
		e = plan.Method(on, "Secret", r.text.text(w.Secret.SecretName))
	case w.ConfigMap != nil && only(v1.WorkspaceBinding{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: w.ConfigMap.LocalObjectReference}}):
		e = plan.Method(on, "ConfigMap", r.text.text(w.ConfigMap.Name))
	case w.VolumeClaimTemplate != nil && only(v1.WorkspaceBinding{VolumeClaimTemplate: w.VolumeClaimTemplate}) && plainClaim(w.VolumeClaimTemplate):
		e = claim(on, w.VolumeClaimTemplate)
	default:
		sub = ""
	}
	if sub != "" {
		e = plan.Method(e, "SubPath", r.text.text(sub))
	}
	return e
}

// plainClaim reports whether a claim has nothing but a size, access modes and a storage
// class.
func plainClaim(c *corev1.PersistentVolumeClaim) bool {
	spec := corev1.PersistentVolumeClaimSpec{
		AccessModes: c.Spec.AccessModes, StorageClassName: c.Spec.StorageClassName,
		Resources: corev1.VolumeResourceRequirements{Requests: c.Spec.Resources.Requests},
	}
	_, ok := c.Spec.Resources.Requests[corev1.ResourceStorage]
	return ok && len(c.Spec.Resources.Requests) == 1 && len(c.Spec.AccessModes) > 0 &&
		reflect.DeepEqual(*c, corev1.PersistentVolumeClaim{Spec: spec})
}

func claim(on plan.Expr, c *corev1.PersistentVolumeClaim) plan.Expr {
	size := c.Spec.Resources.Requests[corev1.ResourceStorage]
	var e plan.Expr = plan.Method(on, "VolumeClaimTemplate", plan.Text(size.String()))
	if modes := c.Spec.AccessModes; len(modes) != 1 || modes[0] != corev1.ReadWriteOnce {
		var args []plan.Expr
		for _, m := range modes {
			args = append(args, plan.Text(m))
		}
		e = plan.Method(e, "AccessModes", args...)
	}
	if c.Spec.StorageClassName != nil {
		e = plan.Method(e, "StorageClass", plan.Text(*c.Spec.StorageClassName))
	}
	return e
}

// options translates what a PipelineRun sets besides params and workspaces.
func (r *runBody) options(c *chain, o *v1.PipelineRun) {
	if n := o.GenerateName; n != "" && n[len(n)-1] != '-' {
		c.do("GenerateName")
	}
	for _, k := range slices.Sorted(maps.Keys(o.Labels)) {
		c.do("Label", plan.Text(k), r.text.text(o.Labels[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(o.Annotations)) {
		if r.w.folder != nil && strings.HasPrefix(k, pac.Prefix) {
			continue
		}
		c.do("Annotate", plan.Text(k), r.text.text(o.Annotations[k]))
	}
	if o.Spec.PipelineSpec != nil {
		c.do("Embed")
	}
	t := &o.Spec.TaskRunTemplate
	if t.ServiceAccountName != "" {
		c.do("ServiceAccount", plan.Text(t.ServiceAccountName))
	}
	if t.PodTemplate != nil {
		c.do("Pod", plan.Literal{Value: *t.PodTemplate})
	}
	if x := o.Spec.Timeouts; x != nil {
		c.do("Timeouts", plan.Literal{Value: builder.Timeouts{
			Pipeline: timeout(x.Pipeline), Tasks: timeout(x.Tasks), Finally: timeout(x.Finally),
		}})
	}
	for i := range o.Spec.TaskRunSpecs {
		r.taskRunSpec(c, &o.Spec.TaskRunSpecs[i])
	}
}

// timeout returns a timeout in a struct in which 0 means none is set.
func timeout(d *metav1.Duration) time.Duration {
	switch {
	case d == nil:
		return 0
	case d.Duration == 0:
		return builder.NoTimeout
	}
	return d.Duration
}

func (r *runBody) taskRunSpec(c *chain, s *v1.PipelineTaskRunSpec) {
	on := r.task(s.PipelineTaskName)
	if on == nil {
		return
	}
	out := builder.TaskRunSpec{
		ServiceAccount: s.ServiceAccountName, Timeout: timeout(s.Timeout), Steps: s.StepSpecs, Sidecars: s.SidecarSpecs,
	}
	if s.PodTemplate != nil {
		out.Pod = *s.PodTemplate
	}
	if x := s.ComputeResources; x != nil {
		out.Resources = *x.DeepCopy()
		take := func(name corev1.ResourceName) string {
			q, ok := out.Resources.Requests[name]
			if !ok {
				return ""
			}
			delete(out.Resources.Requests, name)
			return q.String()
		}
		out.CPU, out.Memory = take(corev1.ResourceCPU), take(corev1.ResourceMemory)
		if len(out.Resources.Requests) == 0 {
			out.Resources.Requests = nil
		}
	}
	if s.Metadata != nil {
		out.Labels, out.Annotations = s.Metadata.Labels, s.Metadata.Annotations
	}
	c.do("TaskRunSpec", on, plan.Literal{Value: out})
}
