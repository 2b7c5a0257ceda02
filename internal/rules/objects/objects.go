// Package objects contains the rules about objects that other objects refer to, and the references.
package objects

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	serviceaccountExternal,
	serviceaccountUnknown,
	backendInvalid,
	pvcExternal,
	pvcUnknown,
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
	referenceInvalid,
	resolverIgnored,
	resolverInvalid,
	resolverUnknown,
	secretExternal,
	secretIgnored,
	secretInvalid,
	secretKeyMissing,
	secretKeyUnknown,
	secretMismatched,
	secretNewline,
	secretUnknown,
	serviceExternal,
	serviceUnknown,
	stepActionExternal,
	stepActionUnknown,
	taskExternal,
	taskUnknown,
}
