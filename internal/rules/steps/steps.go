// Package steps has the rules about steps, their template and sidecars.
package steps

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	imageInvalid,
	imageMissing,
	onErrorInvalid,
	resourcesInvalid,
	scriptUnrunnable,
	securityInvalid,
	sidecarDuplicate,
	sidecarUnknown,
	stepConflict,
	stepDuplicate,
	stepMissing,
	stepUnknown,
}

// label names a container in a sentence.
func label(c *facts.Container) string {
	if c.Kind == facts.Sidecar {
		return "sidecar " + phrase.Quote(c.Name)
	}
	return c.Label
}

// listener names the container of an EventListener in a sentence.
const listener = "the container of a listener"

// listenerContainer returns the container that an EventListener shapes; nil if
// there is none.
func listenerContainer(p *rule.Pass) (facts.Spot, *corev1.Container) {
	if p.Entry.Event.Listener == nil || !p.Entry.HasTriggers() {
		return facts.Spot{}, nil
	}
	s, pod, err := p.Entry.ListenerPod()
	if err != nil || pod == nil || len(pod.Containers) != 1 {
		return facts.Spot{}, nil
	}
	return s.Index("containers", 0), &pod.Containers[0]
}
