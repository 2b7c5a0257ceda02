package infra

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Role describes a Role, and the RoleBinding that grants it to service accounts.
type Role struct{ r role }

// ClusterRole describes a ClusterRole, and the ClusterRoleBinding that grants it to
// service accounts.
type ClusterRole struct{ r role }

type role struct {
	at              place
	name, namespace string
	cluster         bool
	rules           []rbacv1.PolicyRule
	accounts        []named
	users, groups   []named
	metadata
}

// NewRole returns a Role with the given rules in a namespace; "" means the namespace
// of the set. [RunRBAC] and [ListenerRBAC] derive the roles that they need; NewRole
// is for permissions that no task declares.
//
//	infra.NewRole("restart", "prod", rbacv1.PolicyRule{
//		APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: []string{"get", "patch"},
//	}).Bind("release")
func NewRole(name, namespace string, rules ...rbacv1.PolicyRule) *Role {
	return &Role{role{at: callsite.Here(), name: name, namespace: namespace, rules: copyRules(rules)}}
}

// Bind grants the role to service accounts in the namespace of the set. Write
// "namespace/name" for one in another namespace. Without Bind, no RoleBinding is
// created.
func (r *Role) Bind(accounts ...string) *Role {
	if r != nil {
		r.r.accounts = appendNames(r.r.accounts, callsite.Here(), accounts)
	}
	return r
}

// BindUsers grants the role to users, by the names with which the cluster authenticates
// them, such as "jane@example.com".
func (r *Role) BindUsers(names ...string) *Role {
	if r != nil {
		r.r.users = appendNames(r.r.users, callsite.Here(), names)
	}
	return r
}

// BindGroups grants the role to groups of users, such as "release-managers".
//
//	infra.NewRole("approve", "", rules...).BindGroups("release-managers")
func (r *Role) BindGroups(names ...string) *Role {
	if r != nil {
		r.r.groups = appendNames(r.r.groups, callsite.Here(), names)
	}
	return r
}

// Objects returns the Role, and its RoleBinding with the same name. It implements
// manifest.Source.
func (r *Role) Objects() ([]object.Object, error) {
	if r == nil {
		return absent("Role", "create it with infra.NewRole")
	}
	return finish(r.r.lower())
}

// NewClusterRole returns a ClusterRole with the given rules, for resources without a
// namespace, or in all namespaces. Prefer NewRole if it is sufficient.
func NewClusterRole(name string, rules ...rbacv1.PolicyRule) *ClusterRole {
	return &ClusterRole{role{at: callsite.Here(), name: name, cluster: true, rules: copyRules(rules)}}
}

// Bind grants the role to service accounts in the namespace of the set. Write
// "namespace/name" for one in another namespace. Without Bind, no ClusterRoleBinding
// is created.
func (c *ClusterRole) Bind(accounts ...string) *ClusterRole {
	if c != nil {
		c.r.accounts = appendNames(c.r.accounts, callsite.Here(), accounts)
	}
	return c
}

// BindUsers grants the role to users, like [Role.BindUsers].
func (c *ClusterRole) BindUsers(names ...string) *ClusterRole {
	if c != nil {
		c.r.users = appendNames(c.r.users, callsite.Here(), names)
	}
	return c
}

// BindGroups grants the role to groups of users, like [Role.BindGroups].
func (c *ClusterRole) BindGroups(names ...string) *ClusterRole {
	if c != nil {
		c.r.groups = appendNames(c.r.groups, callsite.Here(), names)
	}
	return c
}

// Objects returns the ClusterRole, and its ClusterRoleBinding with the same name. It
// implements manifest.Source.
func (c *ClusterRole) Objects() ([]object.Object, error) {
	if c == nil {
		return absent("ClusterRole", "create it with infra.NewClusterRole")
	}
	return finish(c.r.lower())
}

func (r *role) lower() ([]object.Object, diag.Findings) {
	kind := "Role"
	if r.cluster {
		kind = "ClusterRole"
	}
	l := lower(r.at, rbacv1.SchemeGroupVersion.WithKind(kind), r.name)
	typeMeta, meta := l.meta(roleName)
	if r.namespace != "" {
		l.check(r.at, diag.Fields("metadata", "namespace"), dnsLabel, "the namespace", r.namespace)
		meta.Namespace = r.namespace
	}
	r.metadata.lower(l, &meta)
	l.rules(r.at, r.rules, r.cluster)
	var objects []object.Object
	if r.cluster {
		objects = append(objects, l.object(&rbacv1.ClusterRole{TypeMeta: typeMeta, ObjectMeta: meta, Rules: copyRules(r.rules)}))
	} else {
		objects = append(objects, l.object(&rbacv1.Role{TypeMeta: typeMeta, ObjectMeta: meta, Rules: copyRules(r.rules)}))
	}
	if len(r.accounts)+len(r.users)+len(r.groups) == 0 {
		return objects, l.list
	}
	binding, findings := r.bind(kind)
	return append(objects, binding), append(l.list, findings...)
}

// bind lowers the binding of the role.
func (r *role) bind(kind string) (object.Object, diag.Findings) {
	l := lower(r.at, rbacv1.SchemeGroupVersion.WithKind(kind+"Binding"), r.name)
	typeMeta, meta := l.meta(roleName)
	l.list = nil // already reported for the role
	meta.Namespace = r.namespace
	return r.bound(l, typeMeta, meta, rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: r.name}), l.list
}

// bound returns the binding to a role.
func (r *role) bound(l *lowering, typeMeta metav1.TypeMeta, meta metav1.ObjectMeta, to rbacv1.RoleRef) object.Object {
	subjects := l.people(l.people(l.subjects(r.accounts), rbacv1.UserKind, "user", r.users), rbacv1.GroupKind, "group", r.groups)
	if r.cluster {
		return l.object(&rbacv1.ClusterRoleBinding{TypeMeta: typeMeta, ObjectMeta: meta, RoleRef: to, Subjects: subjects})
	}
	return l.object(&rbacv1.RoleBinding{TypeMeta: typeMeta, ObjectMeta: meta, RoleRef: to, Subjects: subjects})
}

// subjects lowers service accounts. The set fills in the namespace of those without
// one, which may differ from that of the binding.
func (l *lowering) subjects(accounts []named) []rbacv1.Subject {
	var out []rbacv1.Subject
	all := l.once("account", "service account")
	for i, a := range accounts {
		path := diag.Fields("subjects").Index(i)
		s := rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Name: a.name}
		ok := true
		if namespace, name, found := strings.Cut(a.name, "/"); found {
			s.Namespace, s.Name = namespace, name
			ok = l.check(a.at, path.Field("namespace"), dnsLabel, "the namespace of a service account", namespace)
		}
		if l.check(a.at, path.Field("name"), dnsName, "the name of a service account", s.Name) && ok && all.first(a.at, path, a.name) {
			out = append(out, s)
		}
	}
	return out
}

// people adds users or groups. Their names are anything but empty.
func (l *lowering) people(subjects []rbacv1.Subject, kind, noun string, list []named) []rbacv1.Subject {
	all := l.once(noun, noun)
	for _, n := range list {
		path := diag.Fields("subjects").Index(len(subjects))
		switch {
		case !l.plain(n.at, path.Field("name"), "the name of a "+noun, n.name):
		case strings.TrimSpace(n.name) == "":
			l.report(n.at, path.Field("name"), "name-invalid", n.name, "the name of a "+noun+" is empty", "pass one that is not empty")
		case strings.HasPrefix(n.name, "system:serviceaccount:"):
			l.report(n.at, path.Field("name"), "subject-invalid", n.name, q(n.name)+" is the user name of a service account", "pass the service account to Bind")
		case all.first(n.at, path, n.name):
			l.put(path, n.at)
			subjects = append(subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: kind, Name: n.name})
		}
	}
	return subjects
}
