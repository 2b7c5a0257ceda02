package check

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// needs checks the objects of Kubernetes' own that Tekton's objects refer to.
func (c *checker) needs(e *entry) {
	s := in(e, "spec")
	switch {
	case e.task != nil:
		c.taskNeeds(s, &e.task.Spec)
	case e.action != nil:
		c.variables(s, e.action.Spec.Env, nil)
		c.plainEnv(s, e.action.Spec.Env)
		c.plainDefaults(s, e.action.Spec.Params)
	case e.pipeline != nil:
		c.pipelineNeeds(s, &e.pipeline.Spec)
	case e.run != nil:
		c.runNeeds(e, s)
	case e.taskRun != nil:
		spec := &e.taskRun.Spec
		c.bindingNeeds(s, spec.Workspaces)
		c.podTemplate(s.field("podTemplate"), spec.PodTemplate)
		c.noAccount(s, spec.ServiceAccountName)
		c.plainValues(s, spec.Params)
		if spec.TaskRef != nil {
			c.resolverNeeds(s.field("taskRef"), &spec.TaskRef.ResolverRef)
		}
		if spec.TaskSpec != nil {
			c.taskNeeds(s.field("taskSpec"), spec.TaskSpec)
		}
	}
}

func (c *checker) runNeeds(e *entry, s spot) {
	spec := &e.run.Spec
	c.bindingNeeds(s, spec.Workspaces)
	c.podTemplate(s.field("taskRunTemplate.podTemplate"), spec.TaskRunTemplate.PodTemplate)
	c.noAccount(s, spec.TaskRunTemplate.ServiceAccountName)
	c.plainValues(s, spec.Params)
	for i := range spec.TaskRunSpecs {
		c.podTemplate(s.index("taskRunSpecs", i).field("podTemplate"), spec.TaskRunSpecs[i].PodTemplate)
	}
	if spec.PipelineRef != nil {
		c.resolverNeeds(s.field("pipelineRef"), &spec.PipelineRef.ResolverRef)
	}
	if spec.PipelineSpec != nil {
		c.pipelineNeeds(s.field("pipelineSpec"), spec.PipelineSpec)
	}
}

// pipelineNeeds checks the embedded tasks and the resolvers of a pipeline.
func (c *checker) pipelineNeeds(s spot, spec *v1.PipelineSpec) {
	c.plainDefaults(s, spec.Params)
	for _, list := range []struct {
		name  string
		tasks []v1.PipelineTask
	}{{"tasks", spec.Tasks}, {"finally", spec.Finally}} {
		for i := range list.tasks {
			t, at := &list.tasks[i], s.index(list.name, i)
			if t.TaskSpec != nil {
				c.taskNeeds(at.field("taskSpec"), &t.TaskSpec.TaskSpec)
			}
			if t.PipelineSpec != nil {
				c.pipelineNeeds(at.field("pipelineSpec"), t.PipelineSpec)
			}
			if t.TaskRef != nil {
				c.resolverNeeds(at.field("taskRef"), &t.TaskRef.ResolverRef)
			}
			if t.PipelineRef != nil {
				c.resolverNeeds(at.field("pipelineRef"), &t.PipelineRef.ResolverRef)
			}
			c.plainValues(at, t.Params)
		}
	}
}

// taskNeeds checks the containers and the volumes of a task.
func (c *checker) taskNeeds(s spot, spec *v1.TaskSpec) {
	c.plainDefaults(s, spec.Params)
	c.volumes(s, spec.Volumes)
	if t := spec.StepTemplate; t != nil {
		c.variables(s.field("stepTemplate"), t.Env, t.EnvFrom)
		c.plainEnv(s.field("stepTemplate"), t.Env)
	}
	for i := range spec.Steps {
		at := s.index("steps", i)
		c.variables(at, spec.Steps[i].Env, spec.Steps[i].EnvFrom)
		c.plainEnv(at, spec.Steps[i].Env)
		c.plainValues(at, spec.Steps[i].Params)
		if ref := spec.Steps[i].Ref; ref != nil {
			c.resolverNeeds(at.field("ref"), &ref.ResolverRef)
		}
	}
	for i := range spec.Sidecars {
		at := s.index("sidecars", i)
		c.variables(at, spec.Sidecars[i].Env, spec.Sidecars[i].EnvFrom)
		c.plainEnv(at, spec.Sidecars[i].Env)
	}
}

// bindingNeeds checks what the workspaces of a run are bound to: row 55.
func (c *checker) bindingNeeds(s spot, list []v1.WorkspaceBinding) {
	for i := range list {
		w, at := &list[i], s.index("workspaces", i)
		switch {
		case w.Secret != nil:
			found := c.wants(at.field("secret.secretName"), want{kind: "Secret", name: w.Secret.SecretName, optional: isTrue(w.Secret.Optional)})
			c.items(at.field("secret"), found, w.Secret.Items, w.Secret.Optional)
		case w.ConfigMap != nil:
			found := c.wants(at.field("configMap.name"), want{kind: "ConfigMap", name: w.ConfigMap.Name, optional: isTrue(w.ConfigMap.Optional)})
			c.items(at.field("configMap"), found, w.ConfigMap.Items, w.ConfigMap.Optional)
		case w.PersistentVolumeClaim != nil:
			c.boundClaim(at.field("persistentVolumeClaim"), w)
		case w.Projected != nil:
			c.projected(at.field("projected"), w.Projected)
		case w.CSI != nil:
			c.csi(at.field("csi"), w.CSI)
		case w.VolumeClaimTemplate != nil:
			c.claimModes(at.field("volumeClaimTemplate.spec"), "the claim template of workspace "+q(w.Name), &w.VolumeClaimTemplate.Spec)
		}
	}
}

// resolverSecrets are the params of the resolvers that name a Secret, with the
// param that names its key and the key without that.
var resolverSecrets = map[string][][3]string{
	"git":     {{"token", "tokenKey", "token"}, {"gitToken", "gitTokenKey", "token"}},
	"http":    {{"http-password-secret", "http-password-secret-key", "password"}},
	"bundles": {{"secret", "", ""}},
}

// resolverNeeds checks the Secrets that a resolver reads in the namespace of
// the run.
func (c *checker) resolverNeeds(s spot, ref *v1.ResolverRef) {
	for _, names := range resolverSecrets[string(ref.Resolver)] {
		key, keyAt := names[2], -1
		for i := range ref.Params {
			if v := &ref.Params[i].Value; ref.Params[i].Name == names[1] && names[1] != "" && valueKind(v) == v1.ParamTypeString {
				key, keyAt = v.StringVal, i
			}
		}
		for i := range ref.Params {
			v := &ref.Params[i].Value
			if ref.Params[i].Name != names[0] || valueKind(v) != v1.ParamTypeString {
				continue
			}
			at := s.index("params", i).field("value")
			if found := c.wants(at, want{kind: "Secret", name: v.StringVal, without: "the resolver cannot read what it is to fetch"}); found != nil && key != "" {
				if keyAt >= 0 {
					at = s.index("params", keyAt).field("value")
				}
				c.hasKey(at, found, key)
			}
		}
	}
	if ref.Resolver != "bundles" {
		return
	}
	for i := range ref.Params {
		if p := &ref.Params[i]; p.Name == "serviceAccount" && valueKind(&p.Value) == v1.ParamTypeString {
			c.account(s.index("params", i).field("value"), p.Value.StringVal)
		}
	}
}
