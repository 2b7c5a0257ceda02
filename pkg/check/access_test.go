package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/object"
)

func TestMay(t *testing.T) {
	meta := func(kind, namespace, name string) (metav1.TypeMeta, metav1.ObjectMeta) {
		return metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: kind}, metav1.ObjectMeta{Namespace: namespace, Name: name}
	}
	role := &rbacv1.Role{Rules: []rbacv1.PolicyRule{allow("", "get list", "secrets", "pods/log"), {Verbs: []string{"impersonate"}, APIGroups: []string{""}, Resources: []string{"serviceaccounts"}, ResourceNames: []string{"x"}}}}
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
		want                   right
		complete               bool
		answer                 answer
	}{
		{"bot", "ci", "ci", right{"get", "", "secrets", ""}, false, allowed},
		{"bot", "ci", "ci", right{"get", "", "pods/log", ""}, false, allowed},
		{"bot", "ci", "ci", right{"get", "", "pods", ""}, false, denied},
		{"bot", "ci", "prod", right{"get", "", "secrets", ""}, false, allowed},
		{"bot", "ci", "prod", right{"get", "", "pods/log", ""}, false, denied},
		{"bot", "ci", "*", right{"list", "triggers.tekton.dev", "clusterinterceptors", ""}, false, allowed},
		{"bot", "", "", right{"get", "", "pods/log", ""}, false, allowed},
		{"bot", "prod", "prod", right{"get", "", "secrets", ""}, false, undecided},
		{"bot", "prod", "prod", right{"get", "", "secrets", ""}, true, denied},
		{"bot", "ci", "ci", right{"impersonate", "", "serviceaccounts", "x"}, false, allowed},
		{"bot", "ci", "ci", right{"impersonate", "", "serviceaccounts", "y"}, false, denied},
		{"bot", "ci", "ci", right{"impersonate", "", "serviceaccounts", ""}, false, denied},
		{"user", "ci", "ci", right{"get", "", "secrets", "any"}, false, allowed},
		{"editor", "ci", "ci", right{"create", "tekton.dev", "pipelineruns", ""}, false, undecided},
		{"someone", "team", "own", right{"create", "tekton.dev", "pipelineruns", ""}, false, allowed},
		{"someone", "team", "own", right{"create", "tekton.dev", "customruns", ""}, false, denied},
		{"nobody", "ci", "ci", right{"get", "", "pods", ""}, false, undecided},
	} {
		c := &checker{set: newSet(objects), profile: Profile{Complete: x.complete}}
		assert.Equal(t, x.answer, c.may(x.account, x.namespace, x.in, x.want), "%+v", x)
	}
}
