package check

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// wideRule warns of rules that allow more than a build needs.
func (c *checker) wideRule(s spot, r *rbacv1.PolicyRule) {
	if len(r.NonResourceURLs) > 0 {
		return
	}
	var wide []string
	for _, list := range []struct {
		name  string
		items []string
	}{{"API groups", r.APIGroups}, {"resources", r.Resources}, {"verbs", r.Verbs}} {
		if slices.Contains(list.items, "*") {
			wide = append(wide, list.name)
		}
	}
	switch {
	case len(wide) > 0:
		c.warn(s, "access-wide", s.ref.Name, "a rule of "+s.ref.String()+" allows all "+strings.Join(wide, ", all "), "list what is needed")
	case slices.Contains(r.Verbs, "escalate") || slices.Contains(r.Verbs, "bind") && len(r.ResourceNames) == 0:
		c.warn(s.field("verbs"), "access-wide", s.ref.Name, "who has "+s.ref.String()+" can give itself any right, by escalate and bind", "drop them, or bind by resourceNames")
	}
	if i := slices.Index(r.Verbs, "impersonate"); i >= 0 && len(r.ResourceNames) == 0 {
		c.warn(s.index("verbs", i), "access-impersonate", s.ref.Name, s.ref.String()+" allows to act as any account", "list the accounts under resourceNames")
	}
}

// wideBinding warns of roles that are given for more than is needed.
func (c *checker) wideBinding(s spot, ref rbacv1.RoleRef, subjects []rbacv1.Subject) {
	for i, sub := range subjects {
		if sub.Kind != rbacv1.GroupKind {
			continue
		}
		switch sub.Name {
		case "system:authenticated", "system:unauthenticated", "system:serviceaccounts":
			c.warn(s.index("subjects", i), "access-wide", sub.Name, s.ref.String()+" gives its role to everybody: "+sub.Name, "name the accounts")
		}
	}
	if s.ref.Kind != "ClusterRoleBinding" || !slices.ContainsFunc(subjects, func(x rbacv1.Subject) bool { return x.Kind == rbacv1.ServiceAccountKind }) {
		return
	}
	at := s.field("roleRef")
	switch ref.Name {
	case "cluster-admin", "admin", "edit":
		c.warn(at, "access-wide", ref.Name, s.ref.String()+" gives "+q(ref.Name)+" in every namespace to an account that pods run with", "make it a RoleBinding in the namespaces that it is needed in")
		return
	}
	e := c.find("ClusterRole", "", ref.Name)
	if e == nil {
		return // Tekton's own
	}
	role, ok := e.kube.(*rbacv1.ClusterRole)
	if !ok {
		return
	}
	for i := range role.Rules {
		r := &role.Rules[i]
		if slices.Contains(r.Verbs, "*") || slices.Contains(r.APIGroups, "*") || slices.Contains(r.Resources, "*") {
			continue // told there
		}
		if covers(r, right{"list", "", "secrets", ""}) || covers(r, right{"watch", "", "secrets", ""}) || covers(r, right{"get", "", "secrets", ""}) {
			c.warn(at, "access-secrets", ref.Name, s.ref.String()+" lets an account read the Secrets of every namespace", "bind it in the namespaces that it is needed in, or list resourceNames",
				in(e, "").index("rules", i).related(e.ref.String()+" allows it"))
			return
		}
	}
}
