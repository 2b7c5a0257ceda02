// Package runs has the rules about runs and their fields.
package runs

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	debugInvalid,
	taskRunSpecDuplicate,
	podTemplateInvalid,
	podTemplateReplaced,
	policyInvalid,
	retriesInvalid,
	retryCountFixed,
	specConflict,
	specMissing,
	statusInvalid,
	timeoutInvalid,
}
