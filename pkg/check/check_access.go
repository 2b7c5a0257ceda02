package check

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// answer is what the set says about a right.
type answer int

const (
	undecided answer = iota // the set does not tell: bindings or roles may be elsewhere
	allowed
	denied
)

// right is something that an account may do: a verb on a resource ("secrets",
// "pods/log") of an API group, "" for the core one. An empty name means objects
// of any name.
type right struct{ verb, group, resource, name string }

// may tells whether the account of a namespace has a right in a namespace,
// judged from the bindings in the set and from the ClusterRoles that Kubernetes
// and Tekton Triggers bring. The namespace in is "*" for the whole cluster: for
// resources that live in no namespace, or in all of them. An empty namespace is
// the one that the objects will be applied to.
//
// It is denied where bindings of the set name the account and none of their
// roles has the right, or where the set is complete. It is undecided where a
// role is not known, or where nothing in the set binds the account: somebody
// else may have.
func (c *checker) may(account, namespace, in string, want right) answer {
	bound, known := c.bound(account, namespace), true
	for _, b := range bound {
		if !b.cluster && (in == "*" || !sameNamespace(b.namespace, in)) {
			continue
		}
		rules, complete := c.rulesOf(b.roleRef, b.namespace)
		if slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool { return covers(&r, want) }) {
			return allowed
		}
		known = known && complete
	}
	if !known || len(bound) == 0 && !c.profile.Complete {
		return undecided
	}
	return denied
}

// boundRole is a role that somebody has.
type boundRole struct {
	e         *entry
	namespace string
	cluster   bool
	subjects  []rbacv1.Subject
	roleRef   rbacv1.RoleRef
}

// bindings are the RoleBindings and ClusterRoleBindings of the set, by the name
// of the account that they name; those of groups are at "".
func (c *checker) bindings() map[string][]boundRole {
	if c.byAccount != nil {
		return c.byAccount
	}
	c.byAccount = map[string][]boundRole{}
	for _, e := range c.entries {
		var b boundRole
		switch o := e.kube.(type) {
		case *rbacv1.RoleBinding:
			b = boundRole{e, e.ref.Namespace, false, o.Subjects, o.RoleRef}
		case *rbacv1.ClusterRoleBinding:
			b = boundRole{e, "", true, o.Subjects, o.RoleRef}
		default:
			continue
		}
		names := map[string]bool{}
		for _, s := range b.subjects {
			if _, name, ok := accountOf(s, b.namespace); ok && !names[name] {
				names[name] = true
				c.byAccount[name] = append(c.byAccount[name], b)
			}
		}
	}
	return c.byAccount
}

// accountOf is the account that a subject stands for; its name is "" where it
// stands for each of a namespace, whose name is "" where that is any.
func accountOf(s rbacv1.Subject, own string) (namespace, name string, ok bool) {
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		if s.Namespace != "" {
			own = s.Namespace
		}
		return own, s.Name, s.Name != ""
	case rbacv1.UserKind:
		if rest, isAccount := strings.CutPrefix(s.Name, "system:serviceaccount:"); isAccount {
			namespace, name, ok = strings.Cut(rest, ":")
			return namespace, name, ok && name != ""
		}
	case rbacv1.GroupKind:
		if s.Name == "system:authenticated" || s.Name == "system:serviceaccounts" {
			return "", "", true
		}
		namespace, ok = strings.CutPrefix(s.Name, "system:serviceaccounts:")
		return namespace, "", ok
	}
	return "", "", false
}

// bound lists the roles that an account has by the bindings of the set.
func (c *checker) bound(account, namespace string) []boundRole {
	var out []boundRole
	for _, name := range []string{account, ""} {
		for _, b := range c.bindings()[name] {
			if slices.ContainsFunc(b.subjects, func(s rbacv1.Subject) bool {
				ns, n, ok := accountOf(s, b.namespace)
				return ok && n == name && sameNamespace(ns, namespace)
			}) {
				out = append(out, b)
			}
		}
	}
	return out
}

// sameNamespace reports whether two namespaces may be one: what says none
// lands wherever it is applied.
func sameNamespace(a, b string) bool { return a == b || a == "" || b == "" }

// rulesOf returns the rules of a role, as far as they are known.
func (c *checker) rulesOf(ref rbacv1.RoleRef, namespace string) (rules []rbacv1.PolicyRule, complete bool) {
	if ref.Kind == "Role" {
		if e := c.find("Role", namespace, ref.Name); e != nil {
			if role, ok := e.kube.(*rbacv1.Role); ok {
				return role.Rules, true
			}
		}
		return nil, false
	}
	if e := c.find("ClusterRole", "", ref.Name); e != nil {
		role, ok := e.kube.(*rbacv1.ClusterRole)
		if !ok {
			return nil, false
		}
		return role.Rules, role.AggregationRule == nil
	}
	rules, complete = standardRoles[ref.Name]
	return rules, complete
}

// covers reports whether a rule gives a right.
func covers(rule *rbacv1.PolicyRule, want right) bool {
	has := func(list []string, s string) bool { return slices.Contains(list, s) || slices.Contains(list, "*") }
	if !has(rule.Verbs, want.verb) || !has(rule.APIGroups, want.group) {
		return false
	}
	if len(rule.ResourceNames) > 0 && !slices.Contains(rule.ResourceNames, want.name) {
		return false
	}
	_, sub, ok := strings.Cut(want.resource, "/")
	return has(rule.Resources, want.resource) || ok && slices.Contains(rule.Resources, "*/"+sub)
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

// builtInRole reports whether a cluster with Tekton has the ClusterRole by
// itself.
func builtInRole(name string) bool {
	switch name {
	case "cluster-admin", "admin", "edit", "view":
		return true
	}
	return strings.HasPrefix(name, "system:") || strings.HasPrefix(name, "tekton-") && standardName(name)
}

// standardName reports whether a ClusterRole is one of those that Tekton's
// release files bring. Names of one's own often begin with tekton- as well.
func standardName(name string) bool {
	if standardRoles[name] != nil {
		return true
	}
	for _, prefix := range [...]string{
		"tekton-aggregate-", "tekton-pipelines-", "tekton-events-controller-", "tekton-triggers-aggregate-", "tekton-triggers-admin",
		"tekton-triggers-core-interceptors", "tekton-dashboard-", "tekton-chains-", "tekton-results-", "tekton-operator",
	} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
