package builder

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
)

// texts lowers a list of texts.
func (l *lowering) texts(s *scope, what string, path diag.Path, field string, list []said) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = l.text(s, t.at, what, "", t.v)
	}
	l.put(path.Field(field), list[0].at)
	return out
}

// said lowers one text and records its place.
func (l *lowering) said(s *scope, what string, path diag.Path, field string, t said) string {
	if t.at == nil {
		return ""
	}
	l.put(path.Field(field), t.at)
	return l.text(s, t.at, what, "", t.v)
}

// env lowers environment variables.
func (l *lowering) env(c *container, path diag.Path) []corev1.EnvVar {
	if len(c.env) == 0 {
		return nil
	}
	out := make([]corev1.EnvVar, len(c.env))
	for i, e := range c.env {
		l.put(path.FieldIndex("env", i), e.at)
		out[i] = corev1.EnvVar{Name: l.plain(e.at, "the name of an environment variable", e.name)}
		switch {
		case e.source != nil:
			out[i].ValueFrom = e.source.DeepCopy()
			l.raw(c.scope, e.at, "env "+quote(e.name), out[i].ValueFrom)
		case e.secret != "":
			out[i].ValueFrom = &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: l.text(c.scope, e.at, "env", e.name, e.secret)},
				Key:                  l.text(c.scope, e.at, "env", e.name, e.key),
				Optional:             optionally(e.optional),
			}}
		case e.configMap != "":
			out[i].ValueFrom = &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: l.text(c.scope, e.at, "env", e.name, e.configMap)},
				Key:                  l.text(c.scope, e.at, "env", e.name, e.key),
				Optional:             optionally(e.optional),
			}}
		default:
			out[i].Value = l.text(c.scope, e.at, "env", e.name, e.value)
		}
	}
	return out
}

// optionally returns the value of a field optional, which is left out if it is false.
func optionally(v bool) *bool {
	if !v {
		return nil
	}
	return &v
}

// amounts lowers requests or limits.
func (l *lowering) amounts(list []amount) corev1.ResourceList {
	var out corev1.ResourceList
	for _, a := range list {
		if a.quantity == "" {
			continue
		}
		name := corev1.ResourceName(l.plain(a.at, "the name of a resource of "+l.in, string(a.resource)))
		q, err := resource.ParseQuantity(a.quantity)
		if err != nil {
			what, like := string(name), `"2" or "1Gi"`
			switch name {
			case corev1.ResourceCPU:
				what, like = "CPU", `"500m" or "2"`
			case corev1.ResourceMemory:
				like = `"256Mi" or "1Gi"`
			}
			l.reportf(a.at, "quantity-invalid", "%s %s of %s is not a valid quantity", what, quote(a.quantity), l.in).
				Help = "write a quantity such as " + like
			continue
		}
		if out == nil {
			out = corev1.ResourceList{}
		}
		out[name] = q
	}
	return out
}

// security lowers the security context.
func (l *lowering) security(c *container) *corev1.SecurityContext {
	s := c.security.DeepCopy()
	if s != nil {
		l.raw(c.scope, c.at, "the security context", s)
	}
	return s
}

// mounts lowers volume mounts.
func (l *lowering) mounts(c *container, path diag.Path) []corev1.VolumeMount {
	if len(c.mounts) == 0 {
		return nil
	}
	out := make([]corev1.VolumeMount, len(c.mounts))
	for i, m := range c.mounts {
		at := path.FieldIndex("volumeMounts", i)
		l.put(at, m.at)
		out[i] = corev1.VolumeMount{
			Name:      l.mountedVolume(c, m),
			MountPath: l.text(c.scope, m.at, "mount of volume", m.volume.name, m.path),
			SubPath:   l.said(c.scope, "subPath of volume "+quote(m.volume.name), at, "subPath", m.sub),
			ReadOnly:  m.readOnly,
		}
		mutate(l.problems, m.mutate, &out[i])
		if len(m.mutate) > 0 {
			l.raw(c.scope, m.at, "a mutated field", &out[i])
		}
	}
	return out
}

// mountedVolume returns the name of a volume that is mounted.
func (l *lowering) mountedVolume(c *container, m mounting) string {
	if c.scope.owner.Scope == handle.Action {
		return l.text(c.scope, m.at, "volume", "", m.name)
	}
	switch m.volume.scope {
	case c.scope:
	case nil:
		l.reportf(m.at, "volume-unknown", "%s mounts a volume that does not exist", l.in).
			Help = "pass Mount what EmptyDir or Volume of the task returned"
	default:
		l.reportf(m.at, "volume-unknown", "%s mounts volume %s of another task, %s",
			l.in, quote(m.volume.name), quote(m.volume.scope.owner.Name)).
			Help = "declare the volume in this task, or share files through a workspace"
	}
	if m.volume.other != "" {
		return l.text(c.scope, m.at, "volume", "", m.volume.other)
	}
	return l.plain(m.at, "the name of a volume", m.volume.name)
}

// container lowers what steps, sidecars and the step template have in common.
func (l *lowering) container(c *container, path diag.Path) corev1.Container {
	return corev1.Container{
		Image:           l.said(c.scope, "image", path, "image", c.image),
		Command:         l.texts(c.scope, "command", path, "command", c.command),
		Args:            l.texts(c.scope, "args", path, "args", c.args),
		WorkingDir:      l.said(c.scope, "working dir", path, "workingDir", c.dir),
		EnvFrom:         l.envFrom(c),
		Env:             l.env(c, path),
		Resources:       corev1.ResourceRequirements{Requests: l.amounts(c.requests), Limits: l.amounts(c.limits)},
		VolumeMounts:    l.mounts(c, path),
		ImagePullPolicy: corev1.PullPolicy(l.said(c.scope, "image pull policy", path, "imagePullPolicy", c.pull)),
		SecurityContext: l.security(c),
	}
}
