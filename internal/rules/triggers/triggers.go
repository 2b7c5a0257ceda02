// Package triggers has the rules about Tekton Triggers: from an event to a run.
package triggers

import (
	"strings"

	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	annotationInvalid,
	bindingExternal,
	bindingObject,
	bindingPath,
	bindingUnknown,
	celInvalid,
	eventUnknown,
	extensionUnknown,
	interceptorExternal,
	interceptorInvalid,
	interceptorParam,
	interceptorUnknown,
	listenerField,
	listenerIdle,
	nameFixed,
	namespaceExternal,
	namespaceUnknown,
	overlayInvalid,
	selectorInvalid,
	templateBody,
	templateExternal,
	templateUnknown,
	triggerExternal,
	triggerUnknown,
}

// The kinds of objects in which certain things stand.
var (
	listenerKinds = []string{"EventListener"}
	triggerKinds  = []string{"Trigger", "EventListener"}
	bindingKinds  = []string{"TriggerBinding", "ClusterTriggerBinding"}
	templateKinds = []string{"TriggerTemplate", "Trigger", "EventListener"}
)

// eventRoots are what an event has.
var eventRoots = []string{"body", "header", "extensions", "context"}

// oneLine is the text of an error in one line, without a full stop.
func oneLine(err error) string {
	return strings.TrimSuffix(strings.Join(strings.Fields(err.Error()), " "), ".")
}
