// Package rbac evaluates RBAC rules, and lists the ClusterRoles that every cluster
// with Tekton has.
package rbac

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Permission is the permission to use one verb on one resource.
type Permission struct {
	Verb     string
	Group    string // the API group
	Resource string // plural, with a subresource after a slash: pods/log
	Name     string // of the object; "" for all objects
}

// Covers reports whether the rule grants the permission.
func Covers(rule *rbacv1.PolicyRule, want Permission) bool {
	has := func(list []string, s string) bool { return slices.Contains(list, s) || slices.Contains(list, "*") }
	if !has(rule.Verbs, want.Verb) || !has(rule.APIGroups, want.Group) {
		return false
	}
	if len(rule.ResourceNames) > 0 && !slices.Contains(rule.ResourceNames, want.Name) {
		return false
	}
	_, sub, ok := strings.Cut(want.Resource, "/")
	return has(rule.Resources, want.Resource) || ok && slices.Contains(rule.Resources, "*/"+sub)
}

// Uncovered returns the first permission in need that no rule in have grants. It
// returns false if there is none.
func Uncovered(have, need []rbacv1.PolicyRule) (Permission, bool) {
	for i := range need {
		n := &need[i]
		names := n.ResourceNames
		if len(names) == 0 {
			names = []string{""}
		}
		for _, group := range n.APIGroups {
			for _, resource := range n.Resources {
				for _, name := range names {
					for _, verb := range n.Verbs {
						want := Permission{Verb: verb, Group: group, Resource: resource, Name: name}
						if !slices.ContainsFunc(have, func(h rbacv1.PolicyRule) bool { return Covers(&h, want) }) {
							return want, true
						}
					}
				}
			}
		}
	}
	return Permission{}, false
}

// policyRule returns a rule that grants verbs, separated by spaces, on resources of a
// group.
func policyRule(group string, verbs string, resources ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: strings.Fields(verbs)}
}

// standardRoles contains the rules of cluster-admin and of the ClusterRoles of Tekton
// Triggers 0.37.
var standardRoles = map[string][]rbacv1.PolicyRule{
	"cluster-admin": {policyRule("*", "*", "*")},
	"tekton-triggers-eventlistener-roles": {
		policyRule("triggers.tekton.dev", "get list watch", "eventlisteners", "triggerbindings", "interceptors", "triggertemplates", "triggers"),
		policyRule("", "get list watch", "configmaps"),
		policyRule("tekton.dev", "create", "pipelineruns", "pipelineresources", "taskruns"),
		policyRule("", "impersonate", "serviceaccounts"),
		policyRule("", "create patch", "events"),
	},
	"tekton-triggers-eventlistener-clusterroles": {
		policyRule("triggers.tekton.dev", "get list watch", "clustertriggerbindings", "clusterinterceptors"),
		policyRule("", "get list watch", "secrets"),
	},
	"tekton-triggers-core-interceptors": {policyRule("", "get list watch", "secrets")},
}

// StandardRole returns the rules of a ClusterRole that every cluster with Tekton has.
// It returns false if they are not known. The rules must not be modified.
func StandardRole(name string) ([]rbacv1.PolicyRule, bool) {
	rules, ok := standardRoles[name]
	return rules, ok
}

// StandardRoleNames returns the sorted names of the ClusterRoles whose rules
// [StandardRole] returns.
func StandardRoleNames() []string {
	names := make([]string, 0, len(standardRoles))
	for name := range standardRoles {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// IsBuiltIn reports whether every cluster with Tekton has the ClusterRole. The prefix
// tekton- does not suffice, because users' own roles often have it as well.
func IsBuiltIn(clusterRole string) bool {
	switch clusterRole {
	case "cluster-admin", "admin", "edit", "view":
		return true
	}
	if strings.HasPrefix(clusterRole, "system:") || standardRoles[clusterRole] != nil {
		return true
	}
	for _, prefix := range [...]string{
		"tekton-aggregate-", "tekton-pipelines-", "tekton-events-controller-", "tekton-triggers-aggregate-", "tekton-triggers-admin",
		"tekton-triggers-core-interceptors", "tekton-dashboard-", "tekton-chains-", "tekton-results-", "tekton-operator",
	} {
		if strings.HasPrefix(clusterRole, prefix) {
			return true
		}
	}
	return false
}
