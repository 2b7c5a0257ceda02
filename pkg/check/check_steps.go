package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// stepsOf checks the steps of a Task spec, but for their texts.
func (t *taskCheck) stepsOf() {
	steps := t.spec.Steps
	if len(steps) == 0 {
		t.fail(t.spot, "step-missing", "", t.label+" has no steps", "add a step")
		return
	}
	if tpl := t.spec.StepTemplate; tpl != nil {
		s := t.spot.field("stepTemplate")
		t.amounts(s.field("computeResources"), "the stepTemplate", tpl.ComputeResources)
		t.security(s, "the stepTemplate", tpl.SecurityContext)
	}
	t.duplicates(t.spot, "steps", "step", diag.Error, namesOf(steps, func(s *v1.Step) string { return s.Name }))
	for i := range steps {
		t.step(t.spot.index("steps", i), &steps[i])
	}
}

func (t *taskCheck) step(s spot, step *v1.Step) {
	label := stepLabel(s, step.Name)
	t.labelName(s.field("name"), "step", step.Name)
	if n := len(step.Name); n > maxStepName && n <= 63 {
		t.fail(s.field("name"), "name-invalid", step.Name, "step name "+q(step.Name)+" is too long: its container is called step-"+step.Name, "shorten it to "+itoa(maxStepName)+" characters")
	}
	if step.Ref != nil {
		t.stepRef(s, step, label)
	} else {
		if step.Image == "" && (t.spec.StepTemplate == nil || t.spec.StepTemplate.Image == "") {
			t.fail(s, "image-missing", step.Name, label+" of "+t.label+" has no image", "set its image, or one in stepTemplate")
		}
		if len(step.Params) > 0 {
			t.fail(s.field("params"), "step-conflict", "params", label+" has params but no ref", "params are for StepActions: use $(params.NAME) of the Task")
		}
		if step.Script != "" && len(step.Command) > 0 {
			t.fail(s.field("script"), "step-conflict", "script", label+" has both script and command", "drop one of them")
		}
	}
	t.shebang(s.field("script"), label, step.Script)
	if step.Timeout != nil && step.Timeout.Duration < 0 {
		t.fail(s.field("timeout"), "timeout-invalid", step.Name, "the timeout of "+label+" is negative", "")
	}
	t.onError(s, string(step.OnError), label)
	t.container(s, label, step.Image, step.Env, step.VolumeMounts)
	t.resources(s, step)
	t.amounts(s.field("computeResources"), label, step.ComputeResources)
	t.security(s, label, step.SecurityContext)
	t.stepResults(s, step.Results, false)
	t.whenOf(s, step.When)
	t.values(s, "params", step.Params)
	for i, w := range step.Workspaces {
		t.isolated(s.index("workspaces", i), w.Name)
	}
}

// maxStepName leaves room for the prefix of the container.
const maxStepName = 63 - len("step-")

// stepRef checks a step that takes a StepAction.
func (t *taskCheck) stepRef(s spot, step *v1.Step, label string) {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"image", step.Image != ""}, {"command", len(step.Command) > 0}, {"args", len(step.Args) > 0},
		{"script", step.Script != ""}, {"workingDir", step.WorkingDir != ""}, {"env", step.Env != nil},
		{"volumeMounts", len(step.VolumeMounts) > 0}, {"results", len(step.Results) > 0},
	} {
		if f.set {
			t.fail(s.field(f.name), "step-conflict", f.name, label+" has a ref, so it may not set "+f.name, "the StepAction sets it; pass what differs as params")
		}
	}
	if step.SecurityContext != nil {
		t.warn(s.field("securityContext"), "step-conflict", "securityContext", "the securityContext of "+label+" is ignored: that of its StepAction holds", "set it in the StepAction")
	}
	ref := step.Ref
	if !t.ref(s.field("ref"), step.Name, "the ref of "+label, ref.Name, ref.Resolver, ref.Params) {
		return
	}
	action := t.actionEntry(s.entry, step)
	if action == nil {
		if t.find("StepAction", s.ref.Namespace, ref.Name) == nil {
			t.external(s.field("ref.name"), "StepAction", ref.Name, "stepaction")
		}
		return
	}
	t.passed(passing{
		at: s, list: "params", values: step.Params, target: t.scopeOf(action), from: label, typeOf: t.typeOf, extra: diag.Error,
	})
}

// stepLabel names a step in a sentence.
func stepLabel(s spot, name string) string {
	if name != "" {
		return "step " + q(name)
	}
	return "the step " + s.path
}

func (c *checker) onError(s spot, value, label string) {
	if value == "" || value == string(v1.Continue) || value == string(v1.StopAndFail) || strings.HasPrefix(value, "$(params") {
		return
	}
	c.fail(s.field("onError"), "onerror-invalid", value, "onError of "+label+" is "+q(value), oneOf(value, []string{"continue", "stopAndFail"}))
}

// sidecarsOf checks the sidecars of a Task spec, but for their texts.
func (t *taskCheck) sidecarsOf() {
	sidecars := t.spec.Sidecars
	t.duplicates(t.spot, "sidecars", "sidecar", diag.Error, namesOf(sidecars, func(s *v1.Sidecar) string { return s.Name }))
	unnamed := -1
	for i := range sidecars {
		sc, s := &sidecars[i], t.spot.index("sidecars", i)
		label := "sidecar " + q(sc.Name)
		switch {
		case sc.Name == "" && unnamed >= 0:
			t.fail(s, "sidecar-duplicate", "", "two sidecars have no name, so their containers get the same one", "name them", t.spot.index("sidecars", unnamed).related("the other one"))
		case sc.Name == "":
			unnamed = i
		case sc.Name == "tekton-log-results":
			t.fail(s.field("name"), "name-invalid", sc.Name, "the sidecar name "+q(sc.Name)+" is Tekton's own", "choose another")
		case !holdsReference(sc.Name):
			t.labelName(s.field("name"), "sidecar", sc.Name)
		}
		if sc.Image == "" {
			t.fail(s, "image-missing", sc.Name, label+" of "+t.label+" has no image", "set its image")
		}
		if sc.Script != "" && len(sc.Command) > 0 {
			t.fail(s.field("script"), "step-conflict", "script", label+" has both script and command", "drop one of them")
		}
		t.shebang(s.field("script"), label, sc.Script)
		t.container(s, label, sc.Image, sc.Env, sc.VolumeMounts)
		t.amounts(s.field("computeResources"), label, sc.ComputeResources)
		t.security(s, label, sc.SecurityContext)
		for j, w := range sc.Workspaces {
			t.isolated(s.index("workspaces", j), w.Name)
		}
	}
}

// container checks what steps and sidecars have in common.
func (t *taskCheck) container(s spot, label, image string, env []corev1.EnvVar, mounts []corev1.VolumeMount) {
	if why := badImage(image); why != "" {
		t.fail(s.field("image"), "image-invalid", image, "image "+q(image)+" of "+label+" "+why, "")
	}
	for i, v := range env {
		if v.Name == "" || strings.ContainsRune(v.Name, '=') {
			t.fail(s.index("env", i).field("name"), "name-invalid", v.Name, q(v.Name)+" is no name for an environment variable of "+label, "a name is not empty and holds no =")
		}
	}
	t.mounts(s, label, mounts)
}

// resources checks that no request is above its limit.
func (t *taskCheck) resources(s spot, step *v1.Step) {
	for _, name := range sortedKeys(step.ComputeResources.Requests) {
		request := step.ComputeResources.Requests[name]
		limit, ok := step.ComputeResources.Limits[name]
		if !ok && t.spec.StepTemplate != nil {
			limit, ok = t.spec.StepTemplate.ComputeResources.Limits[name]
		}
		if ok && limit.Cmp(request) < 0 {
			t.fail(s.at(key(field(s.path, "computeResources.requests"), string(name))), "resources-invalid", string(name),
				stepLabel(s, step.Name)+" requests more "+string(name)+" ("+request.String()+") than its limit ("+limit.String()+")", "raise the limit or lower the request")
		}
	}
}

// badImage says why an image reference cannot be one; "" if it can.
func badImage(image string) string {
	if image == "" || holdsReference(image) {
		return ""
	}
	rest, digest, ok := strings.Cut(image, "@")
	if ok {
		if alg, hex, found := strings.Cut(digest, ":"); !found || alg == "" || len(hex) < 32 {
			return "has a digest that is none"
		}
	}
	name := rest
	slash := strings.LastIndexByte(rest, '/')
	if i := strings.LastIndexByte(rest, ':'); i > slash {
		tag := rest[i+1:]
		if tag == "" || len(tag) > 128 || !isImageTag(tag) {
			return "has the bad tag " + q(tag)
		}
		name = rest[:i]
	}
	host, path, hasHost := strings.Cut(name, "/")
	if !hasHost || !strings.ContainsAny(host, ".:") && host != "localhost" && host == strings.ToLower(host) {
		path = name
	}
	switch {
	case path == "" || strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") || strings.Contains(path, "//"):
		return "is no image reference"
	case strings.ContainsAny(name, " \t\n"):
		return "holds a blank"
	case path != strings.ToLower(path):
		return "has upper-case letters in its name"
	}
	for _, r := range path {
		if !isNameRune(r) && r != '/' {
			return "holds the character " + q(string(r))
		}
	}
	return ""
}

func isImageTag(tag string) bool {
	return isName(tag) && tag[0] != '.' && tag[0] != '-'
}
