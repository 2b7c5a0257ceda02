package check

import (
	rbacv1 "k8s.io/api/rbac/v1"
)

// binding checks the accounts that a role is bound to.
func (c *checker) binding(e *entry) {
	s := in(e, "")
	switch b := e.Object.Object.(type) {
	case *rbacv1.RoleBinding:
		if b.Namespace != "" {
			c.subjects(s, b.Subjects, "means one of namespace "+q(b.Namespace)+", that of the binding")
		}
	case *rbacv1.ClusterRoleBinding:
		c.subjects(s, b.Subjects, "is refused")
	}
}

// subjects reports accounts that do not say of which namespace they are.
func (c *checker) subjects(s spot, subjects []rbacv1.Subject, means string) {
	for i := range subjects {
		if subjects[i].Kind != rbacv1.ServiceAccountKind || subjects[i].Namespace != "" {
			continue
		}
		severity := Warning
		if s.ref.Kind == "ClusterRoleBinding" {
			severity = Error
		}
		c.report(s.index("subjects", i), severity, "subject-namespace", subjects[i].Name,
			s.ref.String()+" names account "+q(subjects[i].Name)+" without a namespace, which "+means,
			"set its namespace; in Go, put the set into a namespace with Set.Namespace")
	}
}
