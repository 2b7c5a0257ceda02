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
func (s *Sidecar) EnvSecret(name string, secret, key TaskString, opts ...EnvOption) *Sidecar {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, secret: secret, key: key}.withOptions(opts))
	}
	return s
}

// EnvConfigMap sets an environment variable from a key of a ConfigMap.
func (s *Sidecar) EnvConfigMap(name string, cm, key TaskString, opts ...EnvOption) *Sidecar {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, configMap: cm, key: key}.withOptions(opts))
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
		s.limits = append(s.limits, amounts(callsite.Here(), cpu, memory)...)
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

// Pull sets the image pull policy, as [Step.Pull] does.
func (s *Sidecar) Pull(policy corev1.PullPolicy) *Sidecar {
	if s != nil {
		s.pull = said{callsite.Here(), TaskString(policy)}
	}
	return s
}

// Request sets the request of any resource, as [Step.Request] does.
func (s *Sidecar) Request(resource corev1.ResourceName, quantity string) *Sidecar {
	if s != nil {
		s.requests = append(s.requests, amount{callsite.Here(), resource, quantity})
	}
	return s
}

// Limit sets the limit of any resource, as a quantity; see [Step.Request].
func (s *Sidecar) Limit(resource corev1.ResourceName, quantity string) *Sidecar {
	if s != nil {
		s.limits = append(s.limits, amount{callsite.Here(), resource, quantity})
	}
	return s
}

// EnvField sets an environment variable to a field of the Pod, as [Step.EnvField] does.
func (s *Sidecar) EnvField(name, fieldPath string) *Sidecar {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, source: fieldOf(fieldPath)})
	}
	return s
}

// EnvResource sets an environment variable to a request or a limit of the container, as
// [Step.EnvResource] does.
func (s *Sidecar) EnvResource(name, resource string) *Sidecar {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, source: resourceOf(resource)})
	}
	return s
}

// Live sets the liveness probe. The sidecar is restarted when it fails.
func (s *Sidecar) Live(probe corev1.Probe) *Sidecar {
	if s != nil {
		s.live = probe.DeepCopy()
	}
	return s
}

// Startup sets the startup probe. The other probes begin when it succeeds.
func (s *Sidecar) Startup(probe corev1.Probe) *Sidecar {
	if s != nil {
		s.startup = probe.DeepCopy()
	}
	return s
}

// Lifecycle sets what runs after the sidecar starts and before it stops.
func (s *Sidecar) Lifecycle(l corev1.Lifecycle) *Sidecar {
	if s != nil {
		s.lifecycle = l.DeepCopy()
	}
	return s
}
