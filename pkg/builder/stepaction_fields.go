package builder

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// EnvConfigMap sets an environment variable from a key of a ConfigMap.
func (a *StepAction) EnvConfigMap(name string, cm, key TaskString) *StepAction {
	a = a.orNew()
	a.def.env = append(a.def.env, envVar{at: callsite.Here(), name: name, configMap: cm, key: key})
	return a
}

// EnvSource sets an environment variable from any source that Kubernetes
// supports, such as a field of the pod, a resource or an optional key.
func (a *StepAction) EnvSource(name string, source corev1.EnvVarSource) *StepAction {
	a = a.orNew()
	a.def.env = append(a.def.env, envVar{at: callsite.Here(), name: name, source: source.DeepCopy()})
	return a
}

// SecurityContext sets the security context of the container.
func (a *StepAction) SecurityContext(c corev1.SecurityContext) *StepAction {
	a = a.orNew()
	a.def.security = c.DeepCopy()
	return a
}

// Mount mounts a volume of the Task that uses the StepAction at an absolute path.
// The name of the volume is usually a param of the StepAction.
func (a *StepAction) Mount(volume, path TaskString) *StepAction {
	a = a.orNew()
	a.mounts = append(a.mounts, actionMount{callsite.Here(), volume, path})
	return a
}

// actionMount mounts a volume that the Task declares.
type actionMount struct {
	at           place
	volume, path TaskString
}

// Label sets a label of the StepAction.
func (a *StepAction) Label(key, value string) *StepAction {
	a = a.orNew()
	a.labels = append(a.labels, label{callsite.Here(), key, String(value)})
	return a
}

// Annotate sets an annotation of the StepAction.
func (a *StepAction) Annotate(key, value string) *StepAction {
	a = a.orNew()
	a.annotations = append(a.annotations, label{callsite.Here(), key, String(value)})
	return a
}

// Mutate registers a function that changes the upstream StepActionSpec before it
// is checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy.
func (a *StepAction) Mutate(change func(*v1beta1.StepActionSpec)) *StepAction {
	a = a.orNew()
	if change != nil {
		a.mutate = append(a.mutate, change)
	}
	return a
}
