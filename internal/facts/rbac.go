package facts

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/rbac"
)

// Answer is the answer of the set to whether a service account has a permission.
type Answer int

// The answers.
const (
	Undecided Answer = iota // not known: bindings or roles may be elsewhere
	Allowed
	Denied
)

// May returns whether a service account has a permission in a namespace, according
// to the bindings in the set and the ClusterRoles that Kubernetes and Tekton
// Triggers install. The namespace in is "*" for the whole cluster: for resources
// that have no namespace, or in all namespaces. An empty namespace is the one that
// the objects are applied to.
//
// It is [Denied] if bindings of the set grant something to the service account and
// none of their roles has the permission, or if the set is complete. It is
// [Undecided] if a role is not known, or if no binding of the set is for the service
// account: there may be one elsewhere.
func (s *Set) May(account, namespace, in string, want rbac.Permission, complete bool) Answer {
	s.asked(RBAC)
	bound, known := s.bound(account, namespace), true
	for _, b := range bound {
		if !b.cluster && (in == "*" || !SameNamespace(b.namespace, in)) {
			continue
		}
		rules, all := s.rulesOf(b)
		if slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool { return rbac.Covers(&r, want) }) {
			return Allowed
		}
		known = known && all
	}
	if !known || !complete && !slices.ContainsFunc(bound, func(b boundRole) bool { return b.isFor(account, namespace) }) {
		return Undecided
	}
	return Denied
}

// isFor reports whether a role that may be for a service account surely is. Each namespace
// has a service account "default", so a binding of that of one namespace says nothing about
// that of a namespace that is not known.
func (b boundRole) isFor(account, namespace string) bool {
	return account != "default" || namespace != "" || slices.ContainsFunc(b.subjects, func(s rbacv1.Subject) bool {
		ns, n, ok := accountOf(s, b.namespace)
		return ok && ns == "" && (n == "" || n == account)
	})
}

// boundRole is a role with its subjects.
type boundRole struct {
	entry     *Entry
	namespace string
	cluster   bool
	subjects  []rbacv1.Subject
	roleRef   rbacv1.RoleRef
}

// bindings returns the RoleBindings and ClusterRoleBindings of the set, by the name
// of the service account that they are for. Those of groups are at "".
func (s *Set) bindings() map[string][]boundRole {
	if s.byAccount != nil {
		return s.byAccount
	}
	s.byAccount = map[string][]boundRole{}
	for _, e := range s.entries {
		var b boundRole
		switch o := e.Kube.(type) {
		case *rbacv1.RoleBinding:
			b = boundRole{e, e.Ref.Namespace, false, o.Subjects, o.RoleRef}
		case *rbacv1.ClusterRoleBinding:
			b = boundRole{e, "", true, o.Subjects, o.RoleRef}
		default:
			continue
		}
		names := map[string]bool{}
		for _, subject := range b.subjects {
			if _, name, ok := accountOf(subject, b.namespace); ok && !names[name] {
				names[name] = true
				s.byAccount[name] = append(s.byAccount[name], b)
			}
		}
	}
	return s.byAccount
}

// accountOf returns the service account of a subject. Its name is "" for all service
// accounts of a namespace, and the namespace is "" for all namespaces.
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

// account is a service account of a namespace.
type account struct{ namespace, name string }

// bound returns the roles that the bindings of the set give to a service account.
func (s *Set) bound(name, namespace string) []boundRole {
	key := account{namespace, name}
	out, ok := s.accounts[key]
	if !ok {
		out = s.findBound(name, namespace)
		if s.accounts == nil {
			s.accounts = map[account][]boundRole{}
		}
		s.accounts[key] = out
	}
	return out
}

func (s *Set) findBound(account, namespace string) []boundRole {
	var out []boundRole
	for _, name := range []string{account, ""} {
		for _, b := range s.bindings()[name] {
			if slices.ContainsFunc(b.subjects, func(s rbacv1.Subject) bool {
				ns, n, ok := accountOf(s, b.namespace)
				return ok && n == name && SameNamespace(ns, namespace)
			}) {
				out = append(out, b)
			}
		}
	}
	return out
}

// rulesOf returns the rules of a role, as far as they are known.
func (s *Set) rulesOf(b boundRole) (rules []rbacv1.PolicyRule, complete bool) {
	if b.roleRef.Kind == "Role" {
		if e := s.Find("Role", b.namespace, b.roleRef.Name, b.entry); e != nil {
			if role, ok := e.Kube.(*rbacv1.Role); ok {
				return role.Rules, true
			}
		}
		return nil, false
	}
	if e := s.Find("ClusterRole", "", b.roleRef.Name, b.entry); e != nil {
		role, ok := e.Kube.(*rbacv1.ClusterRole)
		if !ok {
			return nil, false
		}
		return role.Rules, role.AggregationRule == nil
	}
	return rbac.StandardRole(b.roleRef.Name)
}

// replacesStandard reports whether a ClusterRole has the name of one that every cluster with
// Tekton has, but grants something else.
func (e *Entry) replacesStandard() bool {
	role, ok := e.Kube.(*rbacv1.ClusterRole)
	if !ok {
		return false
	}
	standard, ok := rbac.StandardRole(e.Ref.Name)
	if !ok {
		return false
	}
	_, less := rbac.Uncovered(role.Rules, standard)
	_, more := rbac.Uncovered(standard, role.Rules)
	return less || more
}

// RoleFor returns the role of the set to which a permission is best added that a service
// account lacks in a namespace, "*" for the whole cluster: one that the bindings of the set
// give to it there, and that has a rule for the API group. It is nil if there is none.
func (s *Set) RoleFor(account, namespace, in, group string) *Entry {
	s.asked(RBAC)
	for _, b := range s.bound(account, namespace) {
		if !b.cluster && (in == "*" || !SameNamespace(b.namespace, in)) || !b.isFor(account, namespace) {
			continue
		}
		where := b.namespace
		if b.roleRef.Kind == "ClusterRole" {
			where = ""
		}
		e := s.Find(b.roleRef.Kind, where, b.roleRef.Name, b.entry)
		if e == nil {
			continue
		}
		rules, _ := s.rulesOf(b)
		if slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool { return slices.Contains(r.APIGroups, group) }) {
			return e
		}
	}
	return nil
}

// PolicyRules returns the rules of a Role or a ClusterRole. It returns false for
// other kinds, and if an earlier object of the set is identical.
func (e *Entry) PolicyRules() ([]rbacv1.PolicyRule, bool) {
	switch o := e.Kube.(type) {
	case *rbacv1.Role:
		return o.Rules, !e.IsCopy()
	case *rbacv1.ClusterRole:
		return o.Rules, !e.IsCopy()
	}
	return nil, false
}

// Binding returns the role and the subjects of a RoleBinding or a
// ClusterRoleBinding. It returns false for other kinds, and if an earlier object of
// the set is identical.
func (e *Entry) Binding() (rbacv1.RoleRef, []rbacv1.Subject, bool) {
	switch o := e.Kube.(type) {
	case *rbacv1.RoleBinding:
		return o.RoleRef, o.Subjects, !e.IsCopy()
	case *rbacv1.ClusterRoleBinding:
		return o.RoleRef, o.Subjects, !e.IsCopy()
	}
	return rbacv1.RoleRef{}, nil, false
}

// grants reports whether the bindings of the set give a service account a permission
// of its own: what all service accounts may do does not count.
func (s *Set) grants(name, namespace string) bool {
	return slices.ContainsFunc(s.bound(name, namespace), func(b boundRole) bool {
		rules, known := s.rulesOf(b)
		return (len(rules) > 0 || !known) && slices.ContainsFunc(b.subjects, func(subject rbacv1.Subject) bool {
			_, of, ok := accountOf(subject, b.namespace)
			return ok && of == name
		})
	})
}

// accountObject returns a ServiceAccount to which an object refers; nil if it is not in
// the set.
func (s *Set) accountObject(from *Entry, name string) *corev1.ServiceAccount {
	e := s.Find("ServiceAccount", from.Ref.Namespace, name, from)
	if e == nil {
		return nil
	}
	o, _ := e.Kube.(*corev1.ServiceAccount)
	return o
}
