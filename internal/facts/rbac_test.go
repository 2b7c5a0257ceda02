package facts

import (
	"testing"

	"github.com/stretchr/testify/assert"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/pkg/object"
)

func TestMay(t *testing.T) {
	meta := func(kind, namespace, name string) (metav1.TypeMeta, metav1.ObjectMeta) {
		return metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: kind}, metav1.ObjectMeta{Namespace: namespace, Name: name}
	}
	role := &rbacv1.Role{Rules: []rbacv1.PolicyRule{{Verbs: []string{"get", "list"}, APIGroups: []string{""}, Resources: []string{"secrets", "pods/log"}}, {Verbs: []string{"impersonate"}, APIGroups: []string{""}, Resources: []string{"serviceaccounts"}, ResourceNames: []string{"x"}}}}
	role.TypeMeta, role.ObjectMeta = meta("Role", "ci", "r")
	bind := func(namespace string, ref rbacv1.RoleRef, subjects ...rbacv1.Subject) *rbacv1.RoleBinding {
		b := &rbacv1.RoleBinding{RoleRef: ref, Subjects: subjects}
		b.TypeMeta, b.ObjectMeta = meta("RoleBinding", namespace, "b-"+ref.Name)
		return b
	}
	everywhere := &rbacv1.ClusterRoleBinding{RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "tekton-triggers-eventlistener-clusterroles"}, Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "bot", Namespace: "ci"}}}
	everywhere.TypeMeta, everywhere.ObjectMeta = meta("ClusterRoleBinding", "", "all")
	objects := []object.Object{
		{Object: role}, {Object: everywhere},
		{Object: bind("ci", rbacv1.RoleRef{Kind: "Role", Name: "r"}, rbacv1.Subject{Kind: "ServiceAccount", Name: "bot"}, rbacv1.Subject{Kind: "User", Name: "system:serviceaccount:ci:user"})},
		{Object: bind("ci", rbacv1.RoleRef{Kind: "ClusterRole", Name: "edit"}, rbacv1.Subject{Kind: "ServiceAccount", Name: "editor"})},
		{Object: bind("own", rbacv1.RoleRef{Kind: "ClusterRole", Name: "tekton-triggers-eventlistener-roles"}, rbacv1.Subject{Kind: "Group", Name: "system:serviceaccounts:team"})},
	}
	for _, x := range []struct {
		account, namespace, in string
		want                   rbac.Permission
		complete               bool
		answer                 Answer
	}{
		{"bot", "ci", "ci", rbac.Permission{Verb: "get", Resource: "secrets"}, false, Allowed},
		{"bot", "ci", "ci", rbac.Permission{Verb: "get", Resource: "pods/log"}, false, Allowed},
		{"bot", "ci", "ci", rbac.Permission{Verb: "get", Resource: "pods"}, false, Denied},
		{"bot", "ci", "prod", rbac.Permission{Verb: "get", Resource: "secrets"}, false, Allowed},
		{"bot", "ci", "prod", rbac.Permission{Verb: "get", Resource: "pods/log"}, false, Denied},
		{"bot", "ci", "*", rbac.Permission{Verb: "list", Group: "triggers.tekton.dev", Resource: "clusterinterceptors"}, false, Allowed},
		{"bot", "", "", rbac.Permission{Verb: "get", Resource: "pods/log"}, false, Allowed},
		{"bot", "prod", "prod", rbac.Permission{Verb: "get", Resource: "secrets"}, false, Undecided},
		{"bot", "prod", "prod", rbac.Permission{Verb: "get", Resource: "secrets"}, true, Denied},
		{"bot", "ci", "ci", rbac.Permission{Verb: "impersonate", Resource: "serviceaccounts", Name: "x"}, false, Allowed},
		{"bot", "ci", "ci", rbac.Permission{Verb: "impersonate", Resource: "serviceaccounts", Name: "y"}, false, Denied},
		{"bot", "ci", "ci", rbac.Permission{Verb: "impersonate", Resource: "serviceaccounts"}, false, Denied},
		{"user", "ci", "ci", rbac.Permission{Verb: "get", Resource: "secrets", Name: "any"}, false, Allowed},
		{"editor", "ci", "ci", rbac.Permission{Verb: "create", Group: "tekton.dev", Resource: "pipelineruns"}, false, Undecided},
		{"someone", "team", "own", rbac.Permission{Verb: "create", Group: "tekton.dev", Resource: "pipelineruns"}, false, Allowed},
		{"someone", "team", "own", rbac.Permission{Verb: "create", Group: "tekton.dev", Resource: "customruns"}, false, Denied},
		{"nobody", "ci", "ci", rbac.Permission{Verb: "get", Resource: "pods"}, false, Undecided},
	} {
		assert.Equal(t, x.answer, New(objects).May(x.account, x.namespace, x.in, x.want, x.complete), "%+v", x)
	}
}
