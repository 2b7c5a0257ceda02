package same

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
)

// copyOf returns a copy of an object. The deep copy of unstructured objects panics on some
// values, such as those of the type int.
func copyOf(o runtime.Object) runtime.Object {
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		return o.DeepCopyObject()
	}
	out := &unstructured.Unstructured{Object: map[string]any{}}
	if text, err := json.Marshal(u.Object); err == nil {
		if json.Unmarshal(text, &out.Object) != nil {
			out.Object = map[string]any{}
		}
	}
	return out
}

// kubernetes changes an object of Kubernetes to one that means the same for a set. It
// must still have its namespace.
func kubernetes(o runtime.Object) {
	switch o := o.(type) {
	case *corev1.Secret:
		withoutValues(o)
	case *rbacv1.RoleBinding:
		for i := range o.Subjects { // a set fills it in
			if s := &o.Subjects[i]; s.Kind == rbacv1.ServiceAccountKind && s.Namespace == o.Namespace {
				s.Namespace = ""
			}
		}
	}
}

// withoutValues removes the values of a Secret, and writes its keys and its type as the API
// server does.
func withoutValues(s *corev1.Secret) {
	data := make(map[string][]byte, len(s.Data)+len(s.StringData))
	for k := range s.Data {
		data[k] = []byte{}
	}
	for k := range s.StringData {
		data[k] = []byte{}
	}
	s.Data, s.StringData = nil, nil
	if len(data) > 0 {
		s.Data = data
	}
	if s.Type == "" {
		s.Type = corev1.SecretTypeOpaque
	}
}
