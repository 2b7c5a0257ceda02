// Package rbac contains the rules about roles, their bindings and the permissions they grant.
package rbac

import "github.com/tekwright/tekwright/pkg/rule"

// concerns reports whether the role or binding of the pass is to be judged: it grants
// something to a service account of a pipeline, or an auditor asks.
func concerns(p *rule.Pass) bool {
	return p.Profile.Shows(rule.Auditor) || p.Set.IsPipelineRole(p.Entry, p.Profile.DefaultServiceAccount)
}

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
