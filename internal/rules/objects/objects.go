// Package objects has the rules about objects that others refer to.
package objects

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	accountExternal,
	accountUnknown,
	backendInvalid,
	claimExternal,
	claimUnknown,
	configMapExternal,
	configmapKeyUnknown,
	configMapUnknown,
	ingressClass,
	ingressInvalid,
	pathDuplicate,
	pathInvalid,
	pipelineExternal,
	pipelineUnknown,
	portUnknown,
	refInvalid,
	resolverInvalid,
	resolverUnknown,
	secretExternal,
	secretIgnored,
	secretInvalid,
	secretKeyMissing,
	secretKeyUnknown,
	secretUnknown,
	serviceExternal,
	serviceUnknown,
	stepActionExternal,
	stepActionUnknown,
	taskExternal,
	taskUnknown,
}
