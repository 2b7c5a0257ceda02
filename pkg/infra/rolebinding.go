package infra

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// RoleBinding describes a RoleBinding to a role that something else describes, or that has
// several bindings. [Role] describes a Role together with its binding.
type RoleBinding struct{ b binding }

// ClusterRoleBinding describes a ClusterRoleBinding to a role that something else describes,
// such as the ClusterRole view of the cluster. [ClusterRole] describes a ClusterRole together
// with its binding.
type ClusterRoleBinding struct{ b binding }

// binding is a binding to a role of the same or of another name.
type binding struct {
	role
	kind, to string // of the role
}

// NewRoleBinding returns a RoleBinding to the Role with the given name, in its namespace; ""
// means the namespace of the set. Without Bind, BindUsers and BindGroups, nobody gets the role.
//
//	infra.NewRoleBinding("deployers", "prod", "view").OfClusterRole().BindGroups("release-managers")
func NewRoleBinding(name, namespace, role string) *RoleBinding {
	return &RoleBinding{bindingTo(callsite.Here(), name, namespace, role, "Role")}
}

// NewClusterRoleBinding returns a ClusterRoleBinding to the ClusterRole with the given name,
// which applies in all namespaces. Without Bind, BindUsers and BindGroups, nobody gets the role.
func NewClusterRoleBinding(name, role string) *ClusterRoleBinding {
	b := bindingTo(callsite.Here(), name, "", role, "ClusterRole")
	b.cluster = true
	return &ClusterRoleBinding{b}
}

func bindingTo(at place, name, namespace, to, kind string) binding {
	return binding{role: role{at: at, name: name, namespace: namespace}, kind: kind, to: to}
}

// OfClusterRole makes the role that of a ClusterRole, which applies in the namespace of the
// binding alone.
func (b *RoleBinding) OfClusterRole() *RoleBinding {
	if b != nil {
		b.b.kind = "ClusterRole"
	}
	return b
}

// Bind grants the role to service accounts, like [Role.Bind].
func (b *RoleBinding) Bind(accounts ...string) *RoleBinding {
	if b != nil {
		b.b.accounts = appendNames(b.b.accounts, callsite.Here(), accounts)
	}
	return b
}

// BindUsers grants the role to users, like [Role.BindUsers].
func (b *RoleBinding) BindUsers(names ...string) *RoleBinding {
	if b != nil {
		b.b.users = appendNames(b.b.users, callsite.Here(), names)
	}
	return b
}

// BindGroups grants the role to groups of users, like [Role.BindGroups].
func (b *RoleBinding) BindGroups(names ...string) *RoleBinding {
	if b != nil {
		b.b.groups = appendNames(b.b.groups, callsite.Here(), names)
	}
	return b
}

// Label sets a label.
func (b *RoleBinding) Label(key, value string) *RoleBinding {
	if b != nil {
		b.b.label(key, value)
	}
	return b
}

// Annotate sets an annotation.
func (b *RoleBinding) Annotate(key, value string) *RoleBinding {
	if b != nil {
		b.b.annotate(key, value)
	}
	return b
}

// Objects returns the RoleBinding. It implements manifest.Source.
func (b *RoleBinding) Objects() ([]object.Object, error) {
	if b == nil {
		return absent("RoleBinding", "create it with infra.NewRoleBinding")
	}
	return finish(b.b.lower())
}

// Bind grants the role to service accounts, like [Role.Bind].
func (b *ClusterRoleBinding) Bind(accounts ...string) *ClusterRoleBinding {
	if b != nil {
		b.b.accounts = appendNames(b.b.accounts, callsite.Here(), accounts)
	}
	return b
}

// BindUsers grants the role to users, like [Role.BindUsers].
func (b *ClusterRoleBinding) BindUsers(names ...string) *ClusterRoleBinding {
	if b != nil {
		b.b.users = appendNames(b.b.users, callsite.Here(), names)
	}
	return b
}

// BindGroups grants the role to groups of users, like [Role.BindGroups].
func (b *ClusterRoleBinding) BindGroups(names ...string) *ClusterRoleBinding {
	if b != nil {
		b.b.groups = appendNames(b.b.groups, callsite.Here(), names)
	}
	return b
}

// Label sets a label.
func (b *ClusterRoleBinding) Label(key, value string) *ClusterRoleBinding {
	if b != nil {
		b.b.label(key, value)
	}
	return b
}

// Annotate sets an annotation.
func (b *ClusterRoleBinding) Annotate(key, value string) *ClusterRoleBinding {
	if b != nil {
		b.b.annotate(key, value)
	}
	return b
}

// Objects returns the ClusterRoleBinding. It implements manifest.Source.
func (b *ClusterRoleBinding) Objects() ([]object.Object, error) {
	if b == nil {
		return absent("ClusterRoleBinding", "create it with infra.NewClusterRoleBinding")
	}
	return finish(b.b.lower())
}

func (b *binding) lower() ([]object.Object, diag.Findings) {
	kind := "RoleBinding"
	if b.cluster {
		kind = "ClusterRoleBinding"
	}
	l := lower(b.at, rbacv1.SchemeGroupVersion.WithKind(kind), b.name)
	typeMeta, meta := l.meta(roleName)
	if b.namespace != "" {
		l.check(b.at, diag.Fields("metadata", "namespace"), dnsLabel, "the namespace", b.namespace)
		meta.Namespace = b.namespace
	}
	b.metadata.lower(l, &meta)
	l.check(b.at, diag.Fields("roleRef", "name"), roleName, "the name of the role", b.to)
	o := b.bound(l, typeMeta, meta, rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: b.kind, Name: b.to})
	return []object.Object{o}, l.list
}
