// Package rbac evaluates the rules of roles, and lists the ClusterRoles that
// every cluster with Tekton has.
package rbac

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Permission is to do one thing with objects of one resource.
type Permission struct {
	Verb     string
	Group    string // the API group
	Resource string // in the plural, with a subresource behind a slash: pods/log
	Name     string // of one object; "" for every object
}

// Covers reports whether a rule gives a permission.
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

// Uncovered returns the first permission that rules need and others do not give;
// false if they give all.
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

// allow is a rule of a standard role.
func allow(group string, verbs string, resources ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: strings.Fields(verbs)}
}

// standardRoles are the ClusterRoles that a cluster has anyway, as far as
// their rules are known: those of Tekton Triggers 0.37.
var standardRoles = map[string][]rbacv1.PolicyRule{
	"cluster-admin": {allow("*", "*", "*")},
	"tekton-triggers-eventlistener-roles": {
		allow("triggers.tekton.dev", "get list watch", "eventlisteners", "triggerbindings", "interceptors", "triggertemplates", "triggers"),
		allow("", "get list watch", "configmaps"),
		allow("tekton.dev", "create", "pipelineruns", "pipelineresources", "taskruns"),
		allow("", "impersonate", "serviceaccounts"),
		allow("", "create patch", "events"),
	},
	"tekton-triggers-eventlistener-clusterroles": {
		allow("triggers.tekton.dev", "get list watch", "clustertriggerbindings", "clusterinterceptors"),
		allow("", "get list watch", "secrets"),
	},
	"tekton-triggers-core-interceptors": {allow("", "get list watch", "secrets")},
}

// StandardRole returns the rules of a ClusterRole that a cluster with Tekton has
// by itself; false if they are not known. They must not be changed.
func StandardRole(name string) ([]rbacv1.PolicyRule, bool) {
	rules, ok := standardRoles[name]
	return rules, ok
}

// StandardRoleNames returns the names of the ClusterRoles that [StandardRole]
// knows, sorted.
func StandardRoleNames() []string {
	names := make([]string, 0, len(standardRoles))
	for name := range standardRoles {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// IsBuiltIn reports whether a cluster with Tekton has the ClusterRole by itself.
// Names of one's own often begin with tekton- as well.
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
