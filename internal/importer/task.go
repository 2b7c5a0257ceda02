package importer

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/tekref"
)

// taskBody translates the spec of a Task to the statements of a Define method, or of the
// function of an embedded task.
type taskBody struct {
	w      *writer
	owner  string    // of scripts: the name of the task
	action bool      // it is a StepAction
	t      *plan.Var // the *builder.Task
	at     string    // the path of the spec in the original
	names  *names
	scope  *scope
	body   []plan.Stmt
	// value returns the value that the pipeline gives to an input.
	value func(kind plan.Kind, name string) plan.Expr

	volumes     map[string]*plan.Var
	stepResults map[[2]string]*plan.Var
	used        map[string][]string // the results of steps that are used, by step
}

func (w *writer) newTaskBody(t *plan.Var, owner, at string, outer *names, value func(plan.Kind, string) plan.Expr) *taskBody {
	n := newNames(outer)
	n.taken[t.Name] = true
	return &taskBody{
		w: w, owner: owner, t: t, at: at, names: n, scope: newScope(true), value: value,
		volumes: map[string]*plan.Var{}, stepResults: map[[2]string]*plan.Var{},
	}
}

func (b *taskBody) add(v *plan.Var, e plan.Expr) {
	b.body = append(b.body, plan.Stmt{Var: v, Expr: e})
}

func (b *taskBody) variable(name, suffix string) *plan.Var {
	return &plan.Var{Name: b.names.take(b.w.index.Spelling.unexported(name), suffix)}
}

// describe translates labels, annotations and the description, which is at a path, to one chain
// of calls.
func (b *taskBody) describe(on *plan.Var, labels, annotations map[string]string, description, at string) {
	c, first := &chain{on}, ""
	do := func(path, method string, args ...plan.Expr) {
		c.do(method, args...)
		c.from(path)
		first = cmp.Or(first, path)
	}
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		do(labelPath("labels", k), "Label", plan.Text(k), plan.Text(labels[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(annotations)) {
		do(labelPath("annotations", k), "Annotate", plan.Text(k), plan.Text(annotations[k]))
	}
	if description != "" {
		do(at, "Describe", plan.Text(description))
	}
	if first != "" {
		b.add(nil, c.e)
		from(b.body, first) // the first call is in the line of the statement
	}
}

// write translates the spec.
func (b *taskBody) write(spec *v1.TaskSpec, labels, annotations map[string]string) {
	b.describe(b.t, labels, annotations, spec.Description, b.at+".description")
	b.used = stepResults(spec)
	if spec.DisplayName != "" {
		b.add(nil, plan.Method(b.t, "DisplayName", plan.Text(spec.DisplayName)))
	}
	from(b.body, b.at+".displayName")
	for i := range spec.Params {
		b.param(&spec.Params[i])
		from(b.body, fmt.Sprintf("%s.params[%d]", b.at, i))
	}
	for i := range spec.Workspaces {
		b.workspace(&spec.Workspaces[i])
		from(b.body, fmt.Sprintf("%s.workspaces[%d]", b.at, i))
	}
	for i := range spec.Results {
		if spec.Results[i].Value == nil {
			b.result(&spec.Results[i])
			from(b.body, fmt.Sprintf("%s.results[%d]", b.at, i))
		}
	}
	for i := range spec.Volumes {
		b.volume(&spec.Volumes[i])
		from(b.body, fmt.Sprintf("%s.volumes[%d]", b.at, i))
	}
	b.template(spec.StepTemplate)
	from(b.body, b.at+".stepTemplate")
	for i := range spec.Steps {
		at := fmt.Sprintf("%s.steps[%d]", b.at, i)
		b.step(&spec.Steps[i], at)
		from(b.body, at)
	}
	for i := range spec.Sidecars {
		at := fmt.Sprintf("%s.sidecars[%d]", b.at, i)
		b.sidecar(&spec.Sidecars[i], at)
		from(b.body, at)
	}
	for i := range spec.Results {
		if spec.Results[i].Value != nil {
			b.result(&spec.Results[i])
			from(b.body, fmt.Sprintf("%s.results[%d]", b.at, i))
		}
	}
	b.w.mutateAt(&b.body, b.t, b.at, reflect.TypeFor[v1.TaskSpec]())
}

// describe returns the options of a declaration: its description.
func describe(text string) []plan.Expr {
	if text == "" {
		return nil
	}
	return []plan.Expr{plan.Fn("Describe", plan.Text(text))}
}

// typed returns a param with the type that Tekton infers.
func typed(p *v1.ParamSpec) *v1.ParamSpec {
	p = p.DeepCopy()
	p.SetDefaults(context.Background())
	return p
}

// paramOptions returns the options of a param that has its type.
func paramOptions(p *v1.ParamSpec) []plan.Expr {
	opts := describe(p.Description)
	if p.Default != nil && p.Default.Type == p.Type {
		switch p.Type {
		case v1.ParamTypeArray:
			opts = append(opts, plan.Fn("DefaultArray", texts(p.Default.ArrayVal)...))
		case v1.ParamTypeObject:
			opts = append(opts, plan.Fn("DefaultObject", plan.Literal{Value: p.Default.ObjectVal}))
		default:
			opts = append(opts, plan.Fn("Default", plan.Text(p.Default.StringVal)))
		}
	}
	if len(p.Enum) > 0 && p.Type == v1.ParamTypeString {
		opts = append(opts, plan.Fn("Enum", texts(p.Enum)...))
	}
	return opts
}

func texts(list []string) []plan.Expr {
	out := make([]plan.Expr, len(list))
	for i, s := range list {
		out[i] = plan.Text(s)
	}
	return out
}

// keysOf returns the keys of an object, sorted.
func keysOf(p map[string]v1.PropertySpec) []string { return slices.Sorted(maps.Keys(p)) }

// kindOf returns the type of an input.
func kindOf(t v1.ParamType) plan.Kind {
	switch t {
	case v1.ParamTypeArray:
		return plan.Array
	case v1.ParamTypeObject:
		return plan.Object
	}
	return plan.String
}

func (b *taskBody) param(p *v1.ParamSpec) {
	p = typed(p)
	v := b.variable(p.Name, "Param")
	b.add(v, b.scope.declare(b.t, v, p, b.value(kindOf(p.Type), p.Name)))
}

func (b *taskBody) workspace(d *v1.WorkspaceDeclaration) {
	v := b.variable(d.Name, "Workspace")
	args := append([]plan.Expr{plan.Text(d.Name), b.value(plan.Workspace, d.Name)}, describe(d.Description)...)
	if d.Optional {
		args = append(args, plan.Fn("Optional"))
	}
	if d.ReadOnly {
		args = append(args, plan.Fn("ReadOnly"))
	}
	if d.MountPath != "" {
		args = append(args, plan.Fn("MountPath", plan.Text(d.MountPath)))
	}
	b.add(v, plan.Method(b.t, "Workspace", args...))
	b.scope.mounts[d.Name] = v
}

func (b *taskBody) result(r *v1.TaskResult) {
	v := b.variable(r.Name, "Result")
	args := []plan.Expr{plan.Text(r.Name)}
	method := "Result"
	switch r.Type {
	case v1.ResultsTypeArray:
		method = "ArrayResult"
	case v1.ResultsTypeObject:
		method = "ObjectResult"
		args = append(args, plan.Literal{Value: keysOf(r.Properties)})
	}
	args = append(args, describe(r.Description)...)
	if r.Value != nil && r.Value.Type == v1.ParamTypeString {
		if v, ok := b.scope.only(r.Value.StringVal); ok {
			if s := b.stepResults[[2]string{v.Owner, v.Name}]; s != nil {
				args = append(args, plan.Fn("FromStep", s))
			} else if h, ok := b.scope.outputs[[2]string{v.Owner, v.Name}]; ok && method == "Result" && (h.kind == "" || h.kind == v1.ParamTypeString) {
				args = append(args, plan.Fn("FromStep", h.use())) // of a StepAction
			}
		}
	}
	b.add(v, plan.Method(b.t, method, args...))
	b.scope.results[r.Name] = v
}

func (b *taskBody) volume(vol *corev1.Volume) {
	v := b.variable(vol.Name, "Volume")
	e := plan.Method(b.t, "Volume", plan.Literal{Value: *vol})
	if method, args := b.volumeCall(&vol.VolumeSource); method != "" {
		e = plan.Method(b.t, method, append([]plan.Expr{plan.Text(vol.Name)}, args...)...)
	}
	b.add(v, e)
	if b.volumes[vol.Name] == nil {
		b.volumes[vol.Name] = v
	}
}

// volumeCall returns the method that adds a volume, or "" if it has other fields than the
// method sets.
func (b *taskBody) volumeCall(v *corev1.VolumeSource) (string, []plan.Expr) {
	only := func(set corev1.VolumeSource) bool { return reflect.DeepEqual(*v, set) }
	switch {
	case v.EmptyDir != nil && only(corev1.VolumeSource{EmptyDir: v.EmptyDir}):
		var opts []plan.Expr
		if v.EmptyDir.SizeLimit != nil {
			opts = append(opts, plan.Fn("SizeLimit", plan.Text(v.EmptyDir.SizeLimit.String())))
		}
		if v.EmptyDir.Medium != "" {
			opts = append(opts, plan.Fn("Medium", plan.Text(v.EmptyDir.Medium)))
		}
		return "EmptyDir", opts
	case v.Secret != nil && only(corev1.VolumeSource{Secret: v.Secret}):
		if opts, ok := b.files(v.Secret.Items, v.Secret.DefaultMode, v.Secret.Optional); ok {
			return "Secret", append([]plan.Expr{b.scope.text(v.Secret.SecretName)}, opts...)
		}
	case v.ConfigMap != nil && only(corev1.VolumeSource{ConfigMap: v.ConfigMap}):
		if opts, ok := b.files(v.ConfigMap.Items, v.ConfigMap.DefaultMode, v.ConfigMap.Optional); ok {
			return "ConfigMap", append([]plan.Expr{b.scope.text(v.ConfigMap.Name)}, opts...)
		}
	case v.PersistentVolumeClaim != nil && !v.PersistentVolumeClaim.ReadOnly && only(corev1.VolumeSource{PersistentVolumeClaim: v.PersistentVolumeClaim}):
		return "PVC", []plan.Expr{b.scope.text(v.PersistentVolumeClaim.ClaimName)}
	}
	return "", nil
}

// files returns the options of a volume of a Secret or a ConfigMap.
func (b *taskBody) files(items []corev1.KeyToPath, mode *int32, optional *bool) ([]plan.Expr, bool) {
	var opts []plan.Expr
	for _, i := range items {
		if i.Mode != nil {
			return nil, false
		}
		opts = append(opts, plan.Fn("Item", b.scope.text(i.Key), b.scope.text(i.Path)))
	}
	if mode != nil {
		opts = append(opts, plan.Fn("Mode", plan.Octal(*mode)))
	}
	if optional != nil {
		if !*optional {
			return nil, false
		}
		opts = append(opts, plan.Fn("Optional"))
	}
	return opts, true
}

func (b *taskBody) template(s *v1.StepTemplate) {
	if s == nil {
		return
	}
	c := &chain{plan.Method(b.t, "StepTemplate")}
	b.container(c, &container{
		at: b.at + ".stepTemplate", image: s.Image, command: s.Command, args: s.Args, dir: s.WorkingDir, env: s.Env, envFrom: s.EnvFrom,
		resources: s.ComputeResources, mounts: s.VolumeMounts, security: s.SecurityContext, pull: s.ImagePullPolicy,
	})
	b.w.mutate(c, b.at+".stepTemplate", reflect.TypeFor[v1.Step]())
	b.add(nil, c.e)
}

// stepResults returns the results of steps that a spec uses, by step.
func stepResults(spec *v1.TaskSpec) map[string][]string {
	out := map[string][]string{}
	handle.Walk(spec.DeepCopy(), func(t string) string {
		for m := range tekref.Scan(t) {
			if v := tekref.Parse(m.Expr); v.Kind == tekref.StepResult && v.Fault == "" && !slices.Contains(out[v.Owner], v.Name) {
				out[v.Owner] = append(out[v.Owner], v.Name)
			}
		}
		return t
	})
	return out
}
