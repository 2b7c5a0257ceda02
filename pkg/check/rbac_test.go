package check_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

func TestSubjectNamespace(t *testing.T) {
	account := []rbacv1.Subject{{Kind: "ServiceAccount", Name: "a"}}
	inCI := []rbacv1.Subject{{Kind: "ServiceAccount", Name: "a", Namespace: "ci"}, {Kind: "User", Name: "u"}}
	role := func(namespace string, subjects []rbacv1.Subject) object.Object {
		return object.Object{Object: &rbacv1.RoleBinding{
			TypeMeta:   metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "RoleBinding"},
			ObjectMeta: metav1.ObjectMeta{Name: "b", Namespace: namespace}, Subjects: subjects,
			RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "view"},
		}}
	}
	cluster := func(subjects []rbacv1.Subject) object.Object {
		return object.Object{Object: &rbacv1.ClusterRoleBinding{
			TypeMeta:   metav1.TypeMeta{APIVersion: "rbac.authorization.k8s.io/v1", Kind: "ClusterRoleBinding"},
			ObjectMeta: metav1.ObjectMeta{Name: "b"}, Subjects: subjects,
			RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "view"},
		}}
	}
	found := func(o object.Object) diag.Findings {
		return runAll([]object.Object{o}, check.Profile{Exists: []diag.ObjectRef{{Kind: "ServiceAccount", Name: "a"}}})
	}

	fs := found(role("prod", account))
	assert.Equal(t, `RoleBinding "b": warning subject-namespace: subject "a" of RoleBinding "b" has no namespace, so namespace "prod" is used
	help: set its namespace`, fs.Error())
	assert.Empty(t, found(role("", account)), "the set is applied to one namespace")
	assert.Empty(t, found(role("prod", inCI)))

	assert.ErrorContains(t, found(cluster(account)).Err(), "so the API server rejects it")
	assert.Empty(t, found(cluster(inCI)))
}
