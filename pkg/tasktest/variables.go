package tasktest

import (
	"fmt"
	"maps"
	"path"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/container"
	"github.com/tektoncd/pipeline/pkg/substitution"
	corev1 "k8s.io/api/core/v1"
)

// replacements are the values of variables, in the form that Tekton's functions expect.
type replacements struct {
	text   map[string]string
	list   map[string][]string
	object map[string]map[string]string
}

func newReplacements() replacements {
	return replacements{map[string]string{}, map[string][]string{}, map[string]map[string]string{}}
}

// spellings are the ways to refer to a param.
func spellings(name string) []string {
	return []string{"params." + name, fmt.Sprintf("params[%q]", name), "params['" + name + "']", "inputs.params." + name}
}

// set sets the value of a param. Keys of an object that the value does not have keep their
// values from the default.
func (r replacements) set(name string, value v1.ParamValue) {
	switch value.Type {
	case v1.ParamTypeArray:
		for _, s := range spellings(name) {
			for i, item := range value.ArrayVal {
				r.text[fmt.Sprintf("%s[%d]", s, i)] = item
			}
			r.list[s] = value.ArrayVal
		}
	case v1.ParamTypeObject:
		for _, s := range spellings(name) {
			if r.object[s] == nil {
				r.object[s] = map[string]string{}
			}
			maps.Copy(r.object[s], value.ObjectVal)
		}
		for key, v := range value.ObjectVal {
			r.text["params."+name+"."+key] = v
		}
	default:
		for _, s := range spellings(name) {
			r.text[s] = value.StringVal
		}
	}
}

// refers reports whether a default refers to other params.
func refers(p v1.ParamSpec) bool { return strings.Contains(p.Default.StringVal, "$(params.") }

// paramValues returns the values of the params of a Task: the defaults, and the given
// values in their place. A default that refers to another param gets the default of that
// param, as in Tekton.
func paramValues(declared v1.ParamSpecs, given v1.Params) replacements {
	r := newReplacements()
	for _, p := range declared {
		if p.Default != nil && !refers(p) {
			r.set(p.Name, *p.Default)
		}
	}
	for _, p := range declared {
		if p.Default == nil || !refers(p) {
			continue
		}
		variables, _ := substitution.ExtractVariableExpressions(p.Default.StringVal, "params")
		for _, variable := range variables {
			name := strings.TrimSuffix(strings.TrimPrefix(variable, "$(params."), ")")
			if value, known := r.text["params."+name]; known {
				text := strings.ReplaceAll(p.Default.StringVal, variable, value)
				r.set(p.Name, v1.ParamValue{Type: v1.ParamTypeString, StringVal: text})
			}
		}
	}
	for _, p := range given {
		r.set(p.Name, p.Value)
	}
	return r
}

// apply replaces variables in all fields in which Tekton replaces them.
func (r replacements) apply(spec *v1.TaskSpec) {
	for i := range spec.Steps {
		step := &spec.Steps[i]
		if step.Params != nil {
			step.Params = step.Params.ReplaceVariables(r.text, r.list, r.object)
		}
		container.ApplyStepReplacements(step, r.text, r.list)
	}
	if spec.StepTemplate != nil {
		container.ApplyStepTemplateReplacements(spec.StepTemplate, r.text, r.list)
	}
	for i := range spec.Volumes {
		r.volume(&spec.Volumes[i])
	}
	for i := range spec.Workspaces {
		spec.Workspaces[i].MountPath = substitution.ApplyReplacements(spec.Workspaces[i].MountPath, r.text)
	}
	for i := range spec.Sidecars {
		container.ApplySidecarReplacements(&spec.Sidecars[i], r.text, r.list)
	}
}

// volume replaces variables in a volume.
func (r replacements) volume(v *corev1.Volume) {
	replace := func(fields ...*string) {
		for _, f := range fields {
			*f = substitution.ApplyReplacements(*f, r.text)
		}
	}
	items := func(all []corev1.KeyToPath) {
		for i := range all {
			replace(&all[i].Key, &all[i].Path)
		}
	}
	replace(&v.Name)
	if v.ConfigMap != nil {
		replace(&v.ConfigMap.Name)
		items(v.ConfigMap.Items)
	}
	if v.Secret != nil {
		replace(&v.Secret.SecretName)
		items(v.Secret.Items)
	}
	if v.PersistentVolumeClaim != nil {
		replace(&v.PersistentVolumeClaim.ClaimName)
	}
	if v.Projected != nil {
		for _, s := range v.Projected.Sources {
			if s.ConfigMap != nil {
				replace(&s.ConfigMap.Name)
			}
			if s.Secret != nil {
				replace(&s.Secret.Name)
			}
			if s.ServiceAccountToken != nil {
				replace(&s.ServiceAccountToken.Audience)
			}
		}
	}
	if v.CSI != nil {
		if v.CSI.NodePublishSecretRef != nil {
			replace(&v.CSI.NodePublishSecretRef.Name)
		}
		for key, value := range v.CSI.VolumeAttributes {
			v.CSI.VolumeAttributes[key] = substitution.ApplyReplacements(value, r.text)
		}
	}
}

// containerName returns the name of the container of a step.
func containerName(name string, i int) string {
	if name == "" {
		return fmt.Sprintf("step-unnamed-%d", i)
	}
	return "step-" + name
}

// substitute replaces the variables of a Task in the order of Tekton, whose later
// replacements also apply to the values of earlier ones. The function at returns the path
// that a variable gets for a path in a container.
func substitute(spec *v1.TaskSpec, task string, run runMeta, at func(string) string) {
	paramValues(spec.Params, run.params).apply(spec)

	contexts := newReplacements()
	contexts.text = map[string]string{
		"context.taskRun.name": run.name, "context.task.name": task, "context.taskRun.namespace": run.namespace,
		"context.taskRun.uid": run.uid, "context.task.retry-count": "0",
	}
	contexts.apply(spec)

	for i := range spec.Steps {
		step := &spec.Steps[i]
		dir := path.Join(pipeline.StepsDir, containerName(step.Name, i))
		text := map[string]string{}
		for _, r := range step.Results {
			for _, s := range resultSpellings(r.Name) {
				text["step."+s] = at(path.Join(dir, "results", r.Name))
			}
		}
		container.ApplyStepReplacements(step, text, nil)
	}
	results := newReplacements()
	for _, r := range spec.Results {
		for _, s := range resultSpellings(r.Name) {
			results.text[s] = at(path.Join(pipeline.DefaultResultPath, r.Name))
		}
	}
	results.apply(spec)

	exits := newReplacements()
	for i, step := range spec.Steps {
		name := containerName(step.Name, i)
		container.ApplyStepReplacements(&spec.Steps[i], map[string]string{
			"step.artifacts.path": at(path.Join(pipeline.StepsDir, name, "artifacts", "provenance.json")),
			"artifacts.path":      at(path.Join(pipeline.ArtifactsDir, "provenance.json")),
		}, nil)
		exits.text["steps."+name+".exitCode.path"] = at(path.Join(pipeline.StepsDir, name, "exitCode"))
	}
	exits.apply(spec)

	workspaces(spec, run.bound, at)
}

// resultSpellings are the ways to refer to the path of a result.
func resultSpellings(name string) []string {
	return []string{"results." + name + ".path", fmt.Sprintf("results[%q].path", name), "results['" + name + "'].path"}
}

// workspaces replaces the variables of workspaces.
func workspaces(spec *v1.TaskSpec, bound func(string) bool, at func(string) string) {
	all := newReplacements()
	for _, d := range spec.Workspaces {
		prefix := "workspaces." + d.Name + "."
		all.text[prefix+"claim"] = ""
		all.text[prefix+"bound"] = "true"
		if d.Optional && !bound(d.Name) {
			all.text[prefix+"bound"], all.text[prefix+"path"] = "false", ""
			continue
		}
		all.text[prefix+"volume"] = "ws-" + d.Name
		own := func(usages []v1.WorkspaceUsage, replace func(map[string]string)) {
			for _, u := range usages {
				if u.Name == d.Name && u.MountPath != "" {
					replace(map[string]string{prefix + "path": at(u.MountPath)})
				}
			}
		}
		for i := range spec.Steps {
			own(spec.Steps[i].Workspaces, func(m map[string]string) { container.ApplyStepReplacements(&spec.Steps[i], m, nil) })
		}
		for i := range spec.Sidecars {
			own(spec.Sidecars[i].Workspaces, func(m map[string]string) { container.ApplySidecarReplacements(&spec.Sidecars[i], m, nil) })
		}
		mount := newReplacements()
		mount.text[prefix+"path"] = at(d.GetMountPath())
		mount.apply(spec)
	}
	all.apply(spec)
}
