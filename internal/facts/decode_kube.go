package facts

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// kubeKinds returns a new struct for each of Kubernetes' own kinds that has rules.
var kubeKinds = map[string]func() runtime.Object{
	"v1/Secret":                func() runtime.Object { return new(corev1.Secret) },
	"v1/ConfigMap":             func() runtime.Object { return new(corev1.ConfigMap) },
	"v1/ServiceAccount":        func() runtime.Object { return new(corev1.ServiceAccount) },
	"v1/PersistentVolumeClaim": func() runtime.Object { return new(corev1.PersistentVolumeClaim) },
	"v1/Service":               func() runtime.Object { return new(corev1.Service) },
	"v1/LimitRange":            func() runtime.Object { return new(corev1.LimitRange) },
	"v1/Namespace":             func() runtime.Object { return new(corev1.Namespace) },

	"rbac.authorization.k8s.io/v1/Role":               func() runtime.Object { return new(rbacv1.Role) },
	"rbac.authorization.k8s.io/v1/ClusterRole":        func() runtime.Object { return new(rbacv1.ClusterRole) },
	"rbac.authorization.k8s.io/v1/RoleBinding":        func() runtime.Object { return new(rbacv1.RoleBinding) },
	"rbac.authorization.k8s.io/v1/ClusterRoleBinding": func() runtime.Object { return new(rbacv1.ClusterRoleBinding) },

	"networking.k8s.io/v1/Ingress": func() runtime.Object { return new(networkingv1.Ingress) },
}

// decodeKube sets the struct of an object of Kubernetes' own kinds, whatever form
// the object has. An object that cannot be decoded has no struct.
func (e *Entry) decodeKube() {
	switch o := e.Object.Object.(type) {
	case *corev1.Secret, *corev1.ConfigMap, *corev1.ServiceAccount, *corev1.PersistentVolumeClaim, *corev1.Service, *corev1.LimitRange, *corev1.Namespace,
		*rbacv1.Role, *rbacv1.ClusterRole, *rbacv1.RoleBinding, *rbacv1.ClusterRoleBinding, *networkingv1.Ingress:
		e.Kube = o
	case *unstructured.Unstructured:
		make := kubeKinds[e.Ref.APIVersion+"/"+e.Ref.Kind]
		if make == nil {
			return
		}
		content := o.Object
		if len(BadQuantities(o)) > 0 { // otherwise decoding the whole object would fail
			c := o.DeepCopy()
			unstructured.RemoveNestedField(c.Object, "spec", "resources")
			content = c.Object
		}
		if into := make(); runtime.DefaultUnstructuredConverter.FromUnstructured(content, into) == nil {
			e.Kube = into
		}
	}
}

// BadQuantity is an invalid quantity in a PersistentVolumeClaim.
type BadQuantity struct {
	Path  diag.Path // of the quantity
	Name  string    // of the resource: storage
	Value any       // the value in the object
}

// BadQuantities returns the invalid quantities in a PersistentVolumeClaim.
func BadQuantities(u *unstructured.Unstructured) []BadQuantity {
	if u.GetKind() != "PersistentVolumeClaim" {
		return nil
	}
	var bad []BadQuantity
	for _, list := range [...]string{"requests", "limits"} {
		amounts, _, err := unstructured.NestedFieldNoCopy(u.Object, "spec", "resources", list)
		m, ok := amounts.(map[string]any)
		if err != nil || !ok {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(m)) {
			switch v := m[name].(type) {
			case string:
				if _, err := resource.ParseQuantity(v); err != nil && !tekref.Contains(v) {
					bad = append(bad, BadQuantity{diag.Fields("spec", "resources", list).Key(name), name, v})
				}
			case int64, float64:
			default:
				bad = append(bad, BadQuantity{diag.Fields("spec", "resources", list).Key(name), name, v})
			}
		}
	}
	return bad
}
