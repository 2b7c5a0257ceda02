package check

import "k8s.io/apimachinery/pkg/runtime"

// Object is one Kubernetes object together with the knowledge of where each
// part of it was asked for.
//
// The object is an upstream struct (v1.Task, v1.Pipeline, corev1.Secret, ...)
// or an unstructured.Unstructured, with apiVersion and kind set.
type Object struct {
	runtime.Object

	// Place returns the "file:line" that asked for the value at path, or for
	// the nearest value that holds it; "" where nobody knows. A nil Place
	// knows nothing. Paths are written as in Finding.Path.
	Place func(path string) string

	// Adjust lets whoever made the object say more about a finding in it: add
	// help, raise the severity, or drop it by returning false. Run calls it
	// for each finding whose Object this is. A nil Adjust keeps findings as
	// they are.
	Adjust func(Finding) (Finding, bool)
}

// At is Place, safe to call when Place is nil.
func (o Object) At(path string) string {
	if o.Place == nil {
		return ""
	}
	return o.Place(path)
}
