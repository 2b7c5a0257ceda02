package check

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

// binding checks what is bound, and to whom.
func (c *checker) binding(e *entry, ref rbacv1.RoleRef, subjects []rbacv1.Subject) {
	s := in(e, "")
	if e.ref.Kind == "RoleBinding" {
		if e.ref.Namespace != "" {
			c.subjects(s, subjects, "means one of namespace "+q(e.ref.Namespace)+", that of the binding")
		}
	} else {
		c.subjects(s, subjects, "is refused")
	}
	c.roleRef(s, ref)
	if len(subjects) == 0 {
		c.warn(s.field("subjects"), "subject-missing", e.ref.Name, e.ref.String()+" gives its role to nobody", "list the accounts under subjects")
	}
	for i := range subjects {
		c.subject(s.index("subjects", i), &subjects[i])
	}
	c.wideBinding(s, ref, subjects)
}

// subjects reports accounts that do not say of which namespace they are.
func (c *checker) subjects(s spot, subjects []rbacv1.Subject, means string) {
	for i := range subjects {
		if subjects[i].Kind != rbacv1.ServiceAccountKind || subjects[i].Namespace != "" {
			continue
		}
		severity := diag.Warning
		if s.ref.Kind == "ClusterRoleBinding" {
			severity = diag.Error
		}
		c.report(s.index("subjects", i), severity, "subject-namespace", subjects[i].Name,
			s.ref.String()+" names account "+q(subjects[i].Name)+" without a namespace, which "+means,
			"set its namespace")
	}
}

// subject checks one of those that a role is given to.
func (c *checker) subject(s spot, o *rbacv1.Subject) {
	if o.Name == "" {
		c.fail(s, "subject-invalid", "", "a subject of "+s.ref.String()+" has no name", "set its name")
	}
	group := rbacv1.GroupName
	switch o.Kind {
	case rbacv1.ServiceAccountKind:
		group = ""
		if o.Namespace != "" || s.ref.Kind == "RoleBinding" {
			c.wants(s.field("name"), want{kind: "ServiceAccount", name: o.Name, namespace: o.Namespace, without: "the binding gives nothing without it"})
		}
	case rbacv1.UserKind, rbacv1.GroupKind:
	case "":
		c.fail(s, "subject-invalid", o.Name, "subject "+q(o.Name)+" of "+s.ref.String()+" has no kind", "write kind: ServiceAccount")
		return
	default:
		if !holdsReference(o.Kind) {
			c.fail(s.field("kind"), "subject-invalid", o.Kind, "a subject of kind "+q(o.Kind)+" does not exist", oneOf(o.Kind, []string{"ServiceAccount", "User", "Group"}))
		}
		return
	}
	if o.APIGroup == "" || o.APIGroup == group || holdsReference(o.APIGroup) {
		return
	}
	help := "write " + rbacv1.GroupName
	if group == "" {
		help = "leave it out"
	}
	c.fail(s.field("apiGroup"), "subject-invalid", o.APIGroup, "a subject of kind "+o.Kind+" is not of API group "+q(o.APIGroup), help)
}

// roleRef checks the role that is bound.
func (c *checker) roleRef(s spot, ref rbacv1.RoleRef) {
	at := s.field("roleRef")
	kinds := []string{"Role", "ClusterRole"}
	if s.ref.Kind == "ClusterRoleBinding" {
		kinds = kinds[1:]
	}
	if ref.APIGroup != "" && ref.APIGroup != rbacv1.GroupName && !holdsReference(ref.APIGroup) {
		c.fail(at.field("apiGroup"), "roleref-invalid", ref.APIGroup, "roles are not of API group "+q(ref.APIGroup), "write "+rbacv1.GroupName)
	}
	if ref.Name == "" {
		c.fail(at, "roleref-invalid", s.ref.Name, s.ref.String()+" does not say which role it binds", "set roleRef.kind and roleRef.name")
		return
	}
	switch {
	case holdsReference(ref.Kind):
		return
	case ref.Kind == "":
		c.fail(at, "roleref-invalid", ref.Name, "the roleRef of "+s.ref.String()+" has no kind", "write kind: Role or kind: ClusterRole")
		return
	case ref.Kind == "Role" && len(kinds) == 1:
		c.fail(at.field("kind"), "roleref-invalid", ref.Kind, "a ClusterRoleBinding cannot bind a Role", "bind a ClusterRole, or make it a RoleBinding")
		return
	case ref.Kind != "Role" && ref.Kind != "ClusterRole":
		c.fail(at.field("kind"), "roleref-invalid", ref.Kind, "a role of kind "+q(ref.Kind)+" does not exist", oneOf(ref.Kind, kinds))
		return
	case ref.Kind == "ClusterRole" && builtInRole(ref.Name):
		return
	}
	if ref.Kind == "Role" && c.find("Role", s.ref.Namespace, ref.Name) == nil && (builtInRole(ref.Name) || c.find("ClusterRole", "", ref.Name) != nil) {
		c.warn(at.field("kind"), "roleref-invalid", ref.Name, q(ref.Name)+" is a ClusterRole, and "+s.ref.String()+" binds a Role of that name, which is not in the set", "write kind: ClusterRole")
		return
	}
	c.wants(at.field("name"), want{kind: ref.Kind, name: ref.Name, help: nearRole(ref)})
}

// nearRole is the help for a misspelt name of a role that a cluster has
// anyway.
func nearRole(ref rbacv1.RoleRef) string {
	if ref.Kind != "ClusterRole" {
		return ""
	}
	names := append(sortedKeys(standardRoles), "admin", "edit", "view")
	if near := nearest(ref.Name, names); near != "" && (len(near) > 5 || strings.EqualFold(near, ref.Name)) {
		return "did you mean " + q(near) + "?"
	}
	return ""
}
