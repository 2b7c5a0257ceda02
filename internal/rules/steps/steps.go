// Package steps has the rules about steps, stepTemplate and sidecars.
package steps

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	dollarHalved,
	envInvalid,
	imageInvalid,
	imageMissing,
	onErrorInvalid,
	resourcesInvalid,
	scriptUnrunnable,
	securityInvalid,
	sidecarDuplicate,
	sidecarInvalid,
	sidecarUnknown,
	stepConflict,
	stepDuplicate,
	stepMissing,
	stepUnknown,
	wordUnknown,
}

// listener is what a message calls the container of an EventListener.
const listener = "the EventListener container"

// listenerContainer returns the container settings of an EventListener; nil if it
// has none.
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
