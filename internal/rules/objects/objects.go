// Package objects has the rules about objects that others refer to.
package objects

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	accountExternal,
	accountUnknown,
	claimExternal,
	claimUnknown,
	configMapExternal,
	configMapUnknown,
	pipelineExternal,
	pipelineUnknown,
	secretExternal,
	secretUnknown,
	serviceExternal,
	serviceUnknown,
	stepActionExternal,
	stepActionUnknown,
	taskExternal,
	taskUnknown,
}
