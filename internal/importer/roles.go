package importer

import (
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// granting returns the role whose function describes a binding as well, nil if there is none.
func (x *Index) granting(o runtime.Object, file string) runtime.Object {
	switch b := o.(type) {
	case *rbacv1.RoleBinding:
		return x.beside(b, "Role", b.RoleRef, file)
	case *rbacv1.ClusterRoleBinding:
		return x.beside(b, "ClusterRole", b.RoleRef, file)
	}
	return nil
}

// granted returns the binding that the function of a role describes as well, nil if there is
// none. Only one in the same file is imported in any case.
func (x *Index) granted(o runtime.Object, file string) runtime.Object {
	switch r := o.(type) {
	case *rbacv1.Role:
		if b, ok := x.only("RoleBinding", r, file).(*rbacv1.RoleBinding); ok && x.granting(b, file) == o && plain(b) {
			return b
		}
	case *rbacv1.ClusterRole:
		if b, ok := x.only("ClusterRoleBinding", r, file).(*rbacv1.ClusterRoleBinding); ok && x.granting(b, file) == o && plain(b) {
			return b
		}
	}
	return nil
}

// beside returns the role that a binding with its name refers to.
func (x *Index) beside(binding metav1.Object, kind string, ref rbacv1.RoleRef, file string) runtime.Object {
	if ref.Kind != kind || ref.Name != binding.GetName() {
		return nil
	}
	return x.only(kind, binding, file)
}

// only returns the object of a kind in a file with the name and the namespace of another one,
// nil if there are several or none.
func (x *Index) only(kind string, like metav1.Object, file string) runtime.Object {
	var found runtime.Object
	for _, e := range x.objects[[2]string{kind, like.GetName()}] {
		m, ok := e.object.(metav1.Object)
		if !ok || e.file != file || m.GetNamespace() != like.GetNamespace() {
			continue
		}
		if found != nil {
			return nil
		}
		found = e.object
	}
	return found
}

// plain reports whether a binding has no labels and annotations, which only the role can have.
func plain(b metav1.Object) bool {
	return len(b.GetLabels())+len(b.GetAnnotations()) == 0
}
