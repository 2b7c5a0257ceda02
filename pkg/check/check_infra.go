package check

import (
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// infraIndex is what the rules over Kubernetes' own objects look up; each part
// is made when it is first asked for.
type infraIndex struct {
	byAccount  map[string][]boundRole
	byKind     map[string][]string
	made       map[string][]string // namespaces of Secrets that other objects make, by name
	identities map[identity]*entry
	routes     map[route]spot
	listed     map[string]bool // Secrets that accounts list
}

// infra checks the objects of Kubernetes itself that CI/CD needs.
func (c *checker) infra(e *entry) {
	if c.copied(e) {
		return // what is wrong with it is said of the first
	}
	if u, ok := e.Object.Object.(*unstructured.Unstructured); ok {
		for _, bad := range badQuantities(u) {
			c.badQuantity(in(e, bad.path), bad)
		}
	}
	switch o := e.kube.(type) {
	case *corev1.Secret:
		c.secret(e, o)
	case *corev1.ServiceAccount:
		c.serviceAccount(e, o)
	case *corev1.PersistentVolumeClaim:
		c.claim(e, o)
	case *networkingv1.Ingress:
		c.ingress(e, o)
	case *rbacv1.Role:
		c.rules(e, o.Rules)
	case *rbacv1.ClusterRole:
		c.rules(e, o.Rules)
	case *rbacv1.RoleBinding:
		c.binding(e, o.RoleRef, o.Subjects)
	case *rbacv1.ClusterRoleBinding:
		c.binding(e, o.RoleRef, o.Subjects)
	}
}
