package importer

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/tekref"
)

// container has what steps, sidecars, the step template and StepActions have in common.
type container struct {
	name, at           string // of the file of the script, and its path
	image, script, dir string
	command, args      []string
	env                []corev1.EnvVar
	envFrom            []corev1.EnvFromSource
	resources          corev1.ResourceRequirements
	mounts             []corev1.VolumeMount
	security           *corev1.SecurityContext
	pull               corev1.PullPolicy
}

// container writes what a container sets.
func (b *taskBody) container(c *chain, x *container) {
	b.common(c, x)
	for i, e := range x.envFrom {
		c.do("EnvFrom", plan.Literal{Value: e})
		c.from(fmt.Sprintf("%s.envFrom[%d]", x.at, i))
	}
	requests(c, "Request", x.resources.Requests)
	requests(c, "Limit", x.resources.Limits)
	c.from(x.at + ".computeResources")
	for i := range x.mounts {
		if v := b.volumes[x.mounts[i].Name]; v != nil {
			b.mount(c, v, &x.mounts[i])
		} else {
			b.mount(c, plan.Method(b.t, "PodVolume", b.scope.text(x.mounts[i].Name)), &x.mounts[i])
		}
		c.from(fmt.Sprintf("%s.volumeMounts[%d]", x.at, i))
	}
	if x.pull != "" {
		c.do("Pull", plan.Text(x.pull))
		c.from(x.at + ".imagePullPolicy")
	}
}

// mount mounts a volume, unless the mount has fields without an option.
func (b *taskBody) mount(c *chain, volume plan.Expr, m *corev1.VolumeMount) {
	known := corev1.VolumeMount{Name: m.Name, MountPath: m.MountPath, ReadOnly: m.ReadOnly, SubPath: m.SubPath}
	if !reflect.DeepEqual(*m, known) {
		return
	}
	args := []plan.Expr{volume, b.scope.text(m.MountPath)}
	if m.SubPath != "" {
		args = append(args, plan.Fn("SubPath", b.scope.text(m.SubPath)))
	}
	if m.ReadOnly {
		args = append(args, plan.Fn("ReadOnly"))
	}
	c.do("Mount", args...)
}

// common writes what a StepAction has too.
func (b *taskBody) common(c *chain, x *container) {
	s := b.scope
	c.from(x.at)
	if x.image != "" {
		c.do("Image", s.text(x.image))
		c.from(x.at + ".image")
	}
	if len(x.command) > 0 {
		c.do("Command", s.items(x.command)...)
		c.from(x.at + ".command")
	}
	if len(x.args) > 0 {
		c.do("Args", s.items(x.args)...)
		c.from(x.at + ".args")
	}
	if x.dir != "" {
		c.do("WorkingDir", s.text(x.dir))
		c.from(x.at + ".workingDir")
	}
	for i := range x.env {
		s.env(c, &x.env[i])
		c.from(fmt.Sprintf("%s.env[%d]", x.at, i))
	}
	if x.security != nil {
		c.do("SecurityContext", plan.Literal{Value: *x.security})
		c.from(x.at + ".securityContext")
	}
	if x.script != "" {
		b.script(c, x.name, x.script)
		c.from(x.at + ".script")
	}
}

// inlineLines is how many lines a script may have in Go. Longer ones become files.
const inlineLines = 5

// inFile reports whether a script becomes a file.
func (s Scripts) inFile(script string) bool {
	switch s {
	case ScriptsEmbed:
		return script != ""
	case ScriptsInline:
		return false
	}
	return strings.Count(script, "\n") > inlineLines
}

// script writes a script. Handles of paths are written in short scripts only: a file
// contains their text.
func (b *taskBody) script(c *chain, name, script string) {
	text := b.scope.join(script, true)
	if b.w.index.Scripts.inFile(script) {
		text = b.embed(name, script)
	}
	if inputs := b.pasted(script); len(inputs) > 0 {
		c.do("PasteScript", append([]plan.Expr{text}, inputs...)...)
		return
	}
	c.do("Script", text)
}

// pasted returns the inputs that a script contains, or nil if it contains one that is not
// declared here.
func (b *taskBody) pasted(script string) []plan.Expr {
	if b.action || !strings.Contains(script, "$(") {
		return nil
	}
	var out []plan.Expr
	seen := map[string]bool{}
	for m := range tekref.Scan(script) {
		v := tekref.Parse(m.Expr)
		if m.Open || v.Fault != "" || v.Kind != tekref.Param && v.Kind != tekref.TaskResult || seen[v.Name] {
			continue
		}
		if v.Kind != tekref.Param {
			return nil
		}
		d := b.scope.params[v.Name]
		e := b.scope.handle(v, false)
		if e == nil && d != nil && d.kind == v1.ParamTypeArray {
			e = plan.Method(d.v, "All")
		}
		if e == nil {
			return nil
		}
		seen[v.Name] = true
		out = append(out, e)
	}
	return out
}

func (s *scope) env(c *chain, e *corev1.EnvVar) {
	name := plan.Text(e.Name)
	f := e.ValueFrom
	if f == nil {
		c.do("Env", name, s.text(e.Value))
		return
	}
	optional := func(is *bool) []plan.Expr {
		if is != nil && *is {
			return []plan.Expr{plan.Fn("Optional")}
		}
		return nil
	}
	no := new(false)
	switch {
	case f.SecretKeyRef != nil && f.SecretKeyRef.Name != "" && !reflect.DeepEqual(f.SecretKeyRef.Optional, no) && len(others(f, f.SecretKeyRef)) == 0:
		c.do("EnvSecret", append([]plan.Expr{name, s.text(f.SecretKeyRef.Name), s.text(f.SecretKeyRef.Key)}, optional(f.SecretKeyRef.Optional)...)...)
	case f.ConfigMapKeyRef != nil && f.ConfigMapKeyRef.Name != "" && !reflect.DeepEqual(f.ConfigMapKeyRef.Optional, no) && len(others(f, f.ConfigMapKeyRef)) == 0:
		c.do("EnvConfigMap", append([]plan.Expr{name, s.text(f.ConfigMapKeyRef.Name), s.text(f.ConfigMapKeyRef.Key)}, optional(f.ConfigMapKeyRef.Optional)...)...)
	case f.FieldRef != nil && f.FieldRef.APIVersion == "" && len(others(f, f.FieldRef)) == 0:
		c.do("EnvField", name, plan.Text(f.FieldRef.FieldPath))
	default:
		c.do("EnvSource", name, plan.Literal{Value: *f})
	}
}

// others returns the names of the sources of an environment variable besides one.
func others(f *corev1.EnvVarSource, but any) []string {
	var out []string
	v := reflect.ValueOf(f).Elem()
	for i := range v.NumField() {
		if p := v.Field(i); p.Kind() == reflect.Pointer && !p.IsNil() && p.Interface() != but {
			out = append(out, v.Type().Field(i).Name)
		}
	}
	return out
}

// requests writes requests or limits: those of CPU and memory in one call.
func requests(c *chain, method string, list corev1.ResourceList) {
	both := []plan.Expr{plan.Text(""), plan.Text("")}
	var rest []plan.Expr
	for _, name := range slices.Sorted(maps.Keys(list)) {
		q := list[name]
		switch name {
		case corev1.ResourceCPU:
			both[0] = plan.Text(q.String())
		case corev1.ResourceMemory:
			both[1] = plan.Text(q.String())
		default:
			rest = append(rest, plan.Text(name), plan.Text(q.String()))
		}
	}
	if both[0] != plan.Expr(plan.Text("")) || both[1] != plan.Expr(plan.Text("")) {
		c.do(method+"s", both...)
	}
	for len(rest) > 0 {
		c.do(method, rest[:2]...)
		rest = rest[2:]
	}
}

// typedText returns a text as a value of a type of package builder, for a method call.
func (s *scope) typedText(kind plan.Kind, t string) plan.Expr {
	e := s.text(t)
	if c, ok := e.(plan.Text); ok {
		return plan.Convert{Kind: kind, Text: string(c)}
	}
	return e
}

func (b *taskBody) step(s *v1.Step, at string) {
	name := s.Name
	if name == "" {
		name = "step" + strconv.Itoa(len(b.body))
	}
	v := b.variable(name, "Step")
	c := &chain{}
	if s.Ref != nil {
		c.e = b.actionStep(s, v)
		if c.e == nil {
			c.e = plan.Method(b.t, "Step", plan.Text(s.Name))
		}
	} else {
		c.e = plan.Method(b.t, "Step", plan.Text(s.Name))
	}
	start := c.e
	b.container(c, &container{
		at: at, name: name, image: s.Image, script: s.Script, command: s.Command, args: s.Args, dir: s.WorkingDir, env: s.Env, envFrom: s.EnvFrom,
		resources: s.ComputeResources, mounts: s.VolumeMounts, security: s.SecurityContext, pull: s.ImagePullPolicy,
	})
	b.stepOptions(c, s, at)
	b.w.mutate(c, at, reflect.TypeFor[v1.Step]())
	b.finish(v, start, c.e, s)
}

// stepOptions writes what only steps have.
func (b *taskBody) stepOptions(c *chain, s *v1.Step, at string) {
	for _, w := range s.Workspaces {
		if m := b.scope.mounts[w.Name]; m != nil {
			c.do("Isolate", m, plan.Text(w.MountPath))
		}
	}
	if s.Timeout != nil {
		c.do("Timeout", plan.Span(s.Timeout.Duration))
		c.from(at + ".timeout")
	}
	switch {
	case s.OnError == v1.Continue:
		c.do("ContinueOnError")
	case s.OnError != "" && s.OnError != v1.StopAndFail:
		c.do("OnError", b.scope.text(string(s.OnError)))
	}
	c.from(at + ".onError")
	if s.DisplayName != "" {
		c.do("DisplayName", plan.Text(s.DisplayName))
	}
	for i, w := range s.When {
		if w.CEL != "" {
			c.do("When", plan.Fn("StepCEL", b.scope.text(w.CEL)))
		} else if w.Operator == "in" || w.Operator == "notin" {
			method := map[bool]string{true: "In", false: "NotIn"}[w.Operator == "in"]
			c.do("When", plan.Method(b.scope.typedText(plan.TaskString, w.Input), method, b.scope.items(w.Values)...))
		}
		c.from(fmt.Sprintf("%s.when[%d]", at, i))
	}
	if o := s.StdoutConfig; o != nil && o.Path != "" {
		c.do("Stdout", b.scope.text(o.Path))
	}
	if o := s.StderrConfig; o != nil && o.Path != "" {
		c.do("Stderr", b.scope.text(o.Path))
	}
}

// finish adds the statement of a step, and its results.
func (b *taskBody) finish(v *plan.Var, start, e plan.Expr, s *v1.Step) {
	if s.Ref != nil && start != e {
		// The output of a StepAction is declared first: the methods of a step return a step.
		if sub, ok := start.(*plan.Call); ok && sub.Func == "AddStepAction" {
			b.add(v, start)
			b.add(nil, rebase(e, start, v))
			b.scope.steps[s.Name] = v
			return
		}
	}
	b.add(v, e)
	if s.Name != "" {
		b.scope.steps[s.Name] = v
	}
	for i := range s.Results {
		r := &s.Results[i]
		rv := b.variable(r.Name, "StepResult")
		b.stepResult(rv, v, r)
		b.stepResults[[2]string{s.Name, r.Name}] = rv
		b.scope.outputs[[2]string{s.Name, r.Name}] = handleOf{
			kind: v1.ParamType(r.Type), use: func() plan.Expr { return plan.Method(rv, "Value") },
		}
	}
}

// stepResult declares a result of a step or a StepAction.
func (b *taskBody) stepResult(v, on *plan.Var, r *v1.StepResult) {
	method, args := "Result", []plan.Expr{plan.Text(r.Name)}
	switch r.Type {
	case v1.ResultsTypeArray:
		method = "ArrayResult"
	case v1.ResultsTypeObject:
		method, args = "ObjectResult", append(args, plan.Literal{Value: keysOf(r.Properties)})
	}
	b.add(v, plan.Method(on, method, append(args, describe(r.Description)...)...))
}

// rebase returns a chain that begins at another expression.
func rebase(e, from, to plan.Expr) plan.Expr {
	if e == from {
		return to
	}
	c, ok := e.(*plan.Call)
	if !ok || c.On == nil {
		return e
	}
	return &plan.Call{On: rebase(c.On, from, to), Func: c.Func, Args: c.Args, Origin: c.Origin}
}

func (b *taskBody) sidecar(s *v1.Sidecar, at string) {
	c := &chain{plan.Method(b.t, "Sidecar", plan.Text(s.Name))}
	security := s.SecurityContext
	yes := true
	privileged := reflect.DeepEqual(security, &corev1.SecurityContext{Privileged: &yes})
	if privileged {
		security = nil
	}
	b.container(c, &container{
		at: at, name: s.Name, image: s.Image, script: s.Script, command: s.Command, args: s.Args, dir: s.WorkingDir, env: s.Env, envFrom: s.EnvFrom,
		resources: s.ComputeResources, mounts: s.VolumeMounts, security: security, pull: s.ImagePullPolicy,
	})
	if privileged {
		c.do("Privileged")
	}
	for _, p := range s.Ports {
		if reflect.DeepEqual(p, corev1.ContainerPort{Name: p.Name, ContainerPort: p.ContainerPort}) {
			c.do("Port", plan.Text(p.Name), plan.Int(p.ContainerPort))
		}
	}
	for _, w := range s.Workspaces {
		if m := b.scope.mounts[w.Name]; m != nil {
			c.do("Isolate", m, plan.Text(w.MountPath))
		}
	}
	for i, p := range []*corev1.Probe{s.ReadinessProbe, s.LivenessProbe, s.StartupProbe} {
		if p != nil {
			c.do([]string{"Ready", "Live", "Startup"}[i], plan.Literal{Value: *p})
		}
	}
	if s.Lifecycle != nil {
		c.do("Lifecycle", plan.Literal{Value: *s.Lifecycle})
	}
	b.w.mutate(c, at, reflect.TypeFor[v1.Sidecar]())
	b.add(nil, c.e)
}
