package manifest

import (
	"maps"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/object"
)

// inNamespace returns the object with the namespace set where it is missing. It
// returns a copy if anything changes.
func inNamespace(o object.Object, namespace string) object.Object {
	copied := false
	change := func() {
		if !copied {
			o.Object, copied = copyOf(o.Object), true
		}
	}
	meta, ok := o.Object.(metav1.Object)
	if ok && meta.GetNamespace() == "" && kinds.Namespaced(o.GetObjectKind().GroupVersionKind().GroupKind()) {
		change()
		if meta, ok = o.Object.(metav1.Object); ok {
			meta.SetNamespace(namespace)
		}
	}
	for i, s := range subjects(o) {
		if s.Kind == rbacv1.ServiceAccountKind && s.Namespace == "" {
			change()
			subjects(o)[i].Namespace = namespace
		}
	}
	return o
}

// copyOf returns a copy whose metadata and subjects may be changed. The deep copy of
// unstructured objects panics on some values.
func copyOf(o runtime.Object) runtime.Object {
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		return o.DeepCopyObject()
	}
	object := maps.Clone(u.Object)
	if meta, ok := object["metadata"].(map[string]any); ok {
		object["metadata"] = maps.Clone(meta)
	}
	return &unstructured.Unstructured{Object: object}
}

// subjects returns the subjects of a role binding.
func subjects(o object.Object) []rbacv1.Subject {
	switch b := o.Object.(type) {
	case *rbacv1.RoleBinding:
		return b.Subjects
	case *rbacv1.ClusterRoleBinding:
		return b.Subjects
	}
	return nil
}
