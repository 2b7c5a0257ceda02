package builder

import (
	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// WorkingDir sets the working directory, usually the Mount.PathValue of a
// workspace.
func (s *Sidecar) WorkingDir(dir TaskString) *Sidecar {
	if s != nil {
		s.dir = said{callsite.Here(), dir}
	}
	return s
}

// EnvSecret sets an environment variable from a key of a Secret.
func (s *Sidecar) EnvSecret(name string, secret, key TaskString) *Sidecar {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, secret: secret, key: key})
	}
	return s
}

// EnvConfigMap sets an environment variable from a key of a ConfigMap.
func (s *Sidecar) EnvConfigMap(name string, cm, key TaskString) *Sidecar {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, configMap: cm, key: key})
	}
	return s
}

// EnvSource sets an environment variable from any source that Kubernetes
// supports, such as a field of the pod, a resource or an optional key.
func (s *Sidecar) EnvSource(name string, source corev1.EnvVarSource) *Sidecar {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, source: source.DeepCopy()})
	}
	return s
}

// EnvFrom sets an environment variable for each key of a Secret or ConfigMap.
func (s *Sidecar) EnvFrom(source corev1.EnvFromSource) *Sidecar {
	if s != nil {
		s.envFrom = append(s.envFrom, *source.DeepCopy())
	}
	return s
}

// Limits sets the CPU and memory limits, as quantities. "" sets no limit.
func (s *Sidecar) Limits(cpu, memory string) *Sidecar {
	if s != nil {
		s.limits = append(s.limits, amount{callsite.Here(), cpu, memory})
	}
	return s
}

// Isolate mounts a workspace only in this sidecar, and in the steps and other
// sidecars that isolate it. An empty path means the mount path of the workspace.
func (s *Sidecar) Isolate(m Mount, path string) *Sidecar {
	if s != nil {
		s.isolate = append(s.isolate, v1.WorkspaceUsage{Name: m.name, MountPath: path})
	}
	return s
}
