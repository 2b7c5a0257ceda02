// Package triggers has the rules about Tekton Triggers.
package triggers

import (
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	annotationInvalid,
	bindingConstant,
	bindingExternal,
	bindingKey,
	bindingObject,
	bindingPath,
	bindingUnknown,
	celInvalid,
	celType,
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
	revisionFixed,
	selectorInvalid,
	templateBody,
	templateExternal,
	templateUnknown,
	triggerExternal,
	triggerUnknown,
	valueUnescaped,
}

// The kinds of objects that contain EventListeners, triggers, bindings and
// templates.
var (
	listenerKinds = []string{"EventListener"}
	triggerKinds  = []string{"Trigger", "EventListener"}
	bindingKinds  = []string{"TriggerBinding", "ClusterTriggerBinding"}
	templateKinds = []string{"TriggerTemplate", "Trigger", "EventListener"}
)

// eventRoots has the top-level fields of an event.
var eventRoots = []string{"body", "header", "extensions", "context"}
