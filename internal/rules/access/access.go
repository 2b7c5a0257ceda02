// Package access has the rules about accounts, roles and what they may do.
package access

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	accessImpersonate,
	accessMissing,
	accessSecrets,
	accessWide,
	resourceGroup,
	resourceRemoved,
	resourceUnknown,
	roleEmpty,
	roleExternal,
	roleUnknown,
	rolerefInvalid,
	ruleInvalid,
	subjectInvalid,
	subjectMissing,
	subjectNamespace,
	verbIgnored,
	verbUnknown,
}
