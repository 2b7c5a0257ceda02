// Package rbac contains the rules about roles, their bindings and the permissions they grant.
package rbac

import "github.com/tekwright/tekwright/pkg/rule"

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	rbacImpersonate,
	rbacMissing,
	rbacSecrets,
	rbacWide,
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
