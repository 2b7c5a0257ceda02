package builder

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/tekref"
)

// EnvConfigMap sets an environment variable from a key of a ConfigMap.
func (s *StepAction) EnvConfigMap(name string, cm, key TaskString, opts ...EnvOption) *StepAction {
	s = s.orNew()
	s.def.env = append(s.def.env, envVar{at: callsite.Here(), name: name, configMap: cm, key: key}.withOptions(opts))
	return s
}

// EnvSource sets an environment variable from any source that Kubernetes
// supports, such as a field of the pod, a resource or an optional key.
func (s *StepAction) EnvSource(name string, source corev1.EnvVarSource) *StepAction {
	s = s.orNew()
	s.def.env = append(s.def.env, envVar{at: callsite.Here(), name: name, source: source.DeepCopy()})
	return s
}

// EnvField sets an environment variable to a field of the Pod, as [Step.EnvField] does.
func (s *StepAction) EnvField(name, fieldPath string) *StepAction {
	s = s.orNew()
	s.def.env = append(s.def.env, envVar{at: callsite.Here(), name: name, source: fieldOf(fieldPath)})
	return s
}

// EnvResource sets an environment variable to a request or a limit of the container, as
// [Step.EnvResource] does.
func (s *StepAction) EnvResource(name, resource string) *StepAction {
	s = s.orNew()
	s.def.env = append(s.def.env, envVar{at: callsite.Here(), name: name, source: resourceOf(resource)})
	return s
}

// ObjectParam declares an object param with these keys, whose values are strings; see
// [StepAction.Param].
func (s *StepAction) ObjectParam(name string, v TaskObject, keys []string, opts ...ObjectOption) TaskObject {
	s = s.orNew()
	d := &paramDecl{at: callsite.Here(), name: name, kind: objectKind, keys: append([]string{}, keys...)}
	for _, o := range opts {
		if o != nil {
			o.object(d)
		}
	}
	s.params = append(s.params, d)
	s.inputs = append(s.inputs, &actionInput{at: d.at, name: name, kind: objectKind, object: v})
	return TaskObject{newObject(s.scope, tekref.ParamOf(name), d.keys).d}
}

// SecurityContext sets the security context of the container.
func (s *StepAction) SecurityContext(c corev1.SecurityContext) *StepAction {
	s = s.orNew()
	s.def.security = c.DeepCopy()
	return s
}

// Mount mounts a volume of the Task that uses the StepAction at an absolute path.
// The name of the volume is usually a param of the StepAction.
func (s *StepAction) Mount(volume, path TaskString, opts ...VolumeMountOption) *StepAction {
	s = s.orNew()
	s.def.mounts = append(s.def.mounts, mounting{at: callsite.Here(), name: volume, path: path}.withOptions(opts))
	return s
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
