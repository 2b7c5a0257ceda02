package facts

import (
	"slices"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
)

// This file finds the objects that runs, Pipelines and Tasks refer to.

func (e *Entry) runNeeds(s Spot) {
	spec := &e.Run.Spec
	e.bindingNeeds(s, spec.Workspaces)
	template := s.Field("taskRunTemplate")
	e.podNeeds(template.Field("podTemplate"), spec.TaskRunTemplate.PodTemplate)
	e.accountNeed(s, template.Field("serviceAccountName"), spec.TaskRunTemplate.ServiceAccountName)
	for i := range spec.TaskRunSpecs {
		o, at := &spec.TaskRunSpecs[i], s.Index("taskRunSpecs", i)
		e.need(Need{Spot: at.Field("serviceAccountName"), Kind: "ServiceAccount", Name: o.ServiceAccountName})
		e.podNeeds(at.Field("podTemplate"), o.PodTemplate)
	}
	if spec.PipelineRef != nil {
		e.resolverNeeds(s.Field("pipelineRef"), &spec.PipelineRef.ResolverRef)
	}
	if spec.PipelineSpec != nil {
		e.pipelineNeeds(s.Field("pipelineSpec"), spec.PipelineSpec)
	}
}

func (e *Entry) pipelineNeeds(s Spot, spec *v1.PipelineSpec) {
	for _, list := range [...]struct {
		name  string
		tasks []v1.PipelineTask
	}{{"tasks", spec.Tasks}, {"finally", spec.Finally}} {
		for i := range list.tasks {
			t, at := &list.tasks[i], s.Index(list.name, i)
			if t.TaskSpec != nil {
				e.taskNeeds(at.Field("taskSpec"), &t.TaskSpec.TaskSpec)
			}
			if t.PipelineSpec != nil {
				e.pipelineNeeds(at.Field("pipelineSpec"), t.PipelineSpec)
			}
			if t.TaskRef != nil {
				e.resolverNeeds(at.Field("taskRef"), &t.TaskRef.ResolverRef)
			}
			if t.PipelineRef != nil {
				e.resolverNeeds(at.Field("pipelineRef"), &t.PipelineRef.ResolverRef)
			}
		}
	}
}

func (e *Entry) taskNeeds(s Spot, spec *v1.TaskSpec) {
	e.volumeNeeds(s, spec.Volumes)
	if t := spec.StepTemplate; t != nil {
		e.envNeeds(s.Field("stepTemplate"), t.Env, t.EnvFrom)
	}
	for i := range spec.Steps {
		at := s.Index("steps", i)
		e.envNeeds(at, spec.Steps[i].Env, spec.Steps[i].EnvFrom)
		if ref := spec.Steps[i].Ref; ref != nil {
			e.resolverNeeds(at.Field("ref"), &ref.ResolverRef)
		}
	}
	for i := range spec.Sidecars {
		e.envNeeds(s.Index("sidecars", i), spec.Sidecars[i].Env, spec.Sidecars[i].EnvFrom)
	}
}

// bindingNeeds adds the objects that the workspaces of a run are bound to.
func (e *Entry) bindingNeeds(s Spot, list []v1.WorkspaceBinding) {
	for i := range list {
		w := &list[i]
		e.sourceNeeds(s.Index("workspaces", i), &corev1.VolumeSource{
			Secret: w.Secret, ConfigMap: w.ConfigMap, PersistentVolumeClaim: w.PersistentVolumeClaim, Projected: w.Projected, CSI: w.CSI,
		})
	}
}

func (e *Entry) podNeeds(s Spot, t *pod.PodTemplate) {
	if t == nil {
		return
	}
	e.envNeeds(s, t.Env, nil)
	e.volumeNeeds(s, t.Volumes)
	for i := range t.ImagePullSecrets {
		e.need(Need{Spot: s.Index("imagePullSecrets", i).Field("name"), Kind: "Secret", Name: t.ImagePullSecrets[i].Name, For: ForPull, Skipped: true})
	}
}

func isTrue(b *bool) bool { return b != nil && *b }

// envNeeds adds the objects that the environment of a container is read from.
func (e *Entry) envNeeds(s Spot, env []corev1.EnvVar, from []corev1.EnvFromSource) {
	for i := range env {
		v := env[i].ValueFrom
		if v == nil {
			continue
		}
		at := s.Index("env", i).Field("valueFrom")
		if r := v.SecretKeyRef; r != nil {
			e.keyNeed(at.Field("secretKeyRef"), "Secret", r.Name, r.Key, isTrue(r.Optional))
		}
		if r := v.ConfigMapKeyRef; r != nil {
			e.keyNeed(at.Field("configMapKeyRef"), "ConfigMap", r.Name, r.Key, isTrue(r.Optional))
		}
	}
	for i := range from {
		at := s.Index("envFrom", i)
		if r := from[i].SecretRef; r != nil {
			e.need(Need{Spot: at.Field("secretRef", "name"), Kind: "Secret", Name: r.Name, Optional: isTrue(r.Optional)})
		}
		if r := from[i].ConfigMapRef; r != nil {
			e.need(Need{Spot: at.Field("configMapRef", "name"), Kind: "ConfigMap", Name: r.Name, Optional: isTrue(r.Optional)})
		}
	}
}

func (e *Entry) keyNeed(s Spot, kind, name, key string, optional bool) {
	n := Need{Spot: s.Field("name"), Kind: kind, Name: name, Optional: optional}
	if !optional {
		n.Keys = []NeededKey{{s.Field("key"), key}}
	}
	e.need(n)
}

// resolverSecrets are the params of the resolvers that refer to a Secret, with the
// param for its key and the default key.
var resolverSecrets = map[string][][3]string{
	"git":     {{"token", "tokenKey", "token"}, {"gitToken", "gitTokenKey", "token"}},
	"http":    {{"http-password-secret", "http-password-secret-key", "password"}},
	"bundles": {{"secret", "", ""}},
}

// resolverNeeds adds the Secrets that a resolver reads in the namespace of the run.
func (e *Entry) resolverNeeds(s Spot, ref *v1.ResolverRef) {
	r := Ref{Resolver: string(ref.Resolver), Params: ref.Params}
	ignored := r.Unread()
	for _, names := range resolverSecrets[r.Resolver] {
		if slices.ContainsFunc(ignored, func(u Unread) bool { return u.Name == names[0] }) {
			continue
		}
		key, keyAt := names[2], -1
		for i := range ref.Params {
			if v := &ref.Params[i].Value; ref.Params[i].Name == names[1] && names[1] != "" && ValueKind(v) == v1.ParamTypeString {
				key, keyAt = v.StringVal, i
			}
		}
		for i := range ref.Params {
			v := &ref.Params[i].Value
			if ref.Params[i].Name != names[0] || ValueKind(v) != v1.ParamTypeString {
				continue
			}
			at := s.Index("params", i).Field("value")
			n := Need{Spot: at, Kind: "Secret", Name: v.StringVal, For: ForResolver}
			if key != "" {
				if keyAt >= 0 {
					at = s.Index("params", keyAt).Field("value")
				}
				n.Keys = []NeededKey{{at, key}}
			}
			e.need(n)
		}
	}
	if ref.Resolver != "bundles" {
		return
	}
	for i := range ref.Params {
		if p := &ref.Params[i]; p.Name == "serviceAccount" && ValueKind(&p.Value) == v1.ParamTypeString {
			e.need(Need{Spot: s.Index("params", i).Field("value"), Kind: "ServiceAccount", Name: p.Value.StringVal})
		}
	}
}
