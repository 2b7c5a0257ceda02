package builder

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// EnvConfigMap sets an environment variable from a key of a ConfigMap.
func (s *StepAction) EnvConfigMap(name string, cm, key TaskString) *StepAction {
	s = s.orNew()
	s.def.env = append(s.def.env, envVar{at: callsite.Here(), name: name, configMap: cm, key: key})
	return s
}

// EnvSource sets an environment variable from any source that Kubernetes
// supports, such as a field of the pod, a resource or an optional key.
func (s *StepAction) EnvSource(name string, source corev1.EnvVarSource) *StepAction {
	s = s.orNew()
	s.def.env = append(s.def.env, envVar{at: callsite.Here(), name: name, source: source.DeepCopy()})
	return s
}

// SecurityContext sets the security context of the container.
func (s *StepAction) SecurityContext(c corev1.SecurityContext) *StepAction {
	s = s.orNew()
	s.def.security = c.DeepCopy()
	return s
}

// Mount mounts a volume of the Task that uses the StepAction at an absolute path.
// The name of the volume is usually a param of the StepAction.
func (s *StepAction) Mount(volume, path TaskString) *StepAction {
	s = s.orNew()
	s.mounts = append(s.mounts, actionMount{callsite.Here(), volume, path})
	return s
}

// actionMount mounts a volume that the Task declares.
type actionMount struct {
	at           place
	volume, path TaskString
}

// Label sets a label of the StepAction.
func (s *StepAction) Label(key, value string) *StepAction {
	s = s.orNew()
	s.labels = append(s.labels, label{callsite.Here(), key, String(value)})
	return s
}

// Annotate sets an annotation of the StepAction.
func (s *StepAction) Annotate(key, value string) *StepAction {
	s = s.orNew()
	s.annotations = append(s.annotations, label{callsite.Here(), key, String(value)})
	return s
}

// Mutate registers a function that changes the upstream StepActionSpec before it
// is checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy.
func (s *StepAction) Mutate(change func(*v1beta1.StepActionSpec)) *StepAction {
	s = s.orNew()
	s.mutate.Add(callsite.Here(), change)
	return s
}
