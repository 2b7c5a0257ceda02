package builder

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// Pull sets the image pull policy: [corev1.PullAlways], [corev1.PullIfNotPresent] or
// [corev1.PullNever]. The default is Always for the tag latest, otherwise IfNotPresent.
func (s *Step) Pull(policy corev1.PullPolicy) *Step {
	if s != nil {
		s.pull = said{callsite.Here(), TaskString(policy)}
	}
	return s
}

// Request sets the request of any resource, as a quantity:
//
//	s.Request(corev1.ResourceEphemeralStorage, "2Gi").Request("example.com/device", "1")
//
// [Step.Requests] sets those of CPU and memory.
func (s *Step) Request(resource corev1.ResourceName, quantity string) *Step {
	if s != nil {
		s.requests = append(s.requests, amount{callsite.Here(), resource, quantity})
	}
	return s
}

// Limit sets the limit of any resource, as a quantity; see [Step.Request].
func (s *Step) Limit(resource corev1.ResourceName, quantity string) *Step {
	if s != nil {
		s.limits = append(s.limits, amount{callsite.Here(), resource, quantity})
	}
	return s
}

// EnvField sets an environment variable to a field of the Pod, such as
// "metadata.namespace" or "metadata.labels['app']".
func (s *Step) EnvField(name, fieldPath string) *Step {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, source: fieldOf(fieldPath)})
	}
	return s
}

// EnvResource sets an environment variable to a request or a limit of the container, such
// as "limits.memory" in bytes.
func (s *Step) EnvResource(name, resource string) *Step {
	if s != nil {
		s.env = append(s.env, envVar{at: callsite.Here(), name: name, source: resourceOf(resource)})
	}
	return s
}

// DisplayName sets the name that dashboards show for the step.
func (s *Step) DisplayName(text string) *Step {
	if s != nil {
		s.display = said{callsite.Here(), TaskString(text)}
	}
	return s
}

// OnError sets what happens if the step fails: "continue", "stopAndFail", which is the
// default, or a param of the task with one of them. See [Step.ContinueOnError].
func (s *Step) OnError(action TaskString) *Step {
	if s != nil {
		s.onError = said{callsite.Here(), action}
	}
	return s
}
