// Package triggers has the rules about Tekton Triggers: from an event to a run.
package triggers

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	bindingExternal,
	bindingUnknown,
	interceptorExternal,
	interceptorUnknown,
	namespaceExternal,
	namespaceUnknown,
	templateExternal,
	templateUnknown,
	triggerExternal,
	triggerUnknown,
}
