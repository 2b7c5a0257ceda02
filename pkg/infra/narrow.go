package infra

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
)

// narrowing restricts what a service account may do with a resource to named objects.
type narrowing struct {
	at                       place
	account, group, resource string
	names                    []string
}

// Named restricts the permissions of a run's service account for a resource to the objects
// with the given names. The resource is written as for kubectl: "deployments.apps",
// "configmaps". RBAC cannot restrict the verbs create, list and watch by name, so these are
// granted as before; deletecollection is no longer granted. A resource that no task needs is
// an error.
//
//	infra.RunRBAC(run).Named("release", "deployments.apps", "shop", "shop-worker")
func (r *RBAC) Named(account, resource string, names ...string) *RBAC {
	if r != nil {
		resource, group, _ := strings.Cut(resource, ".")
		r.narrowed = append(r.narrowed, narrowing{callsite.Here(), account, group, resource, slices.Clone(names)})
	}
	return r
}

// unnamed are the verbs that a rule with names does not allow: a request for them has no name.
var unnamed = []string{"create", "list", "watch"}

// narrow applies the restrictions to the planned roles of runs.
func (p *plan) narrow(all []narrowing) {
	for _, n := range all {
		path := diag.Fields("rules")
		full := strings.TrimSuffix(n.resource+"."+n.group, ".")
		if !slices.Contains(p.accounts, n.account) {
			p.unused(n.at, handle.Strip(n.account), "permissions of service account "+q(handle.Strip(n.account))+" are restricted")
			continue
		}
		if len(n.names) == 0 {
			p.report(n.at, path, "name-invalid", full, "the permissions for "+q(full)+" are restricted to no object", "pass the names of the objects; if the task does not need the resource at all, leave it out of the field Permissions of the task, as in tasks.HelmRules or tasks.ApplyRules")
			continue
		}
		valid := true
		for _, name := range n.names {
			valid = p.check(n.at, path, roleName, "the name of an object", name) && valid
		}
		if !valid {
			continue
		}
		found := false
		for _, role := range p.roles {
			if role.accounts[0].name != n.account || !strings.HasPrefix(role.name, n.account+"-run") {
				continue
			}
			var rules []rbacv1.PolicyRule
			for _, r := range role.rules {
				split, ok := n.split(r)
				found = found || ok
				rules = append(rules, split...)
			}
			role.rules = rules
		}
		if !found {
			p.report(n.at, path, "resource-unneeded", full, "no task that runs with service account "+q(n.account)+" needs permissions for "+q(full),
				"write the plural name and the group of a resource that a task needs, such as \"deployments.apps\"")
		}
	}
}

// split splits a rule into what it allows for other resources, for all objects of the
// resource, and for the named ones.
func (n narrowing) split(r rbacv1.PolicyRule) ([]rbacv1.PolicyRule, bool) {
	if !slices.Contains(r.APIGroups, n.group) || !slices.Contains(r.Resources, n.resource) || len(r.ResourceNames) > 0 {
		return []rbacv1.PolicyRule{r}, false
	}
	var out []rbacv1.PolicyRule
	add := func(groups, resources, verbs, names []string) {
		if len(groups) > 0 && len(resources) > 0 && len(verbs) > 0 {
			out = append(out, rbacv1.PolicyRule{APIGroups: groups, Resources: resources, Verbs: verbs, ResourceNames: names})
		}
	}
	without := func(list []string, s string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
	}
	group, resource := []string{n.group}, []string{n.resource}
	add(without(r.APIGroups, n.group), r.Resources, r.Verbs, nil)
	add(group, without(r.Resources, n.resource), r.Verbs, nil)
	var all, some []string
	for _, v := range r.Verbs {
		switch {
		case v == rbacv1.VerbAll:
			all, some = append(all, unnamed...), append(some, v)
		case slices.Contains(unnamed, v):
			all = append(all, v)
		case v != "deletecollection":
			some = append(some, v)
		}
	}
	add(group, resource, all, nil)
	add(group, resource, some, slices.Clone(n.names))
	return out, true
}
