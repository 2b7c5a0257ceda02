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

	// Declared, where it is set, says that the object is made by other means:
	// it is known to the checks and never written with the others.
	Declared *Declaration
}

// Declaration says how an object comes to be that is not written: a Secret.
type Declaration struct {
	// Command is the command line that makes the object by hand, in a
	// namespace, "" for the one that the command would use anyway. Values
	// stand in it as placeholders.
	Command func(namespace string) string

	// Values tells, by key, where a writer that was asked for the object by
	// name finds its values. A key without an entry has none.
	Values map[string]ValueSource
}

// ValueSource is where a value is when it is written; one of the two is set.
type ValueSource struct {
	Env  string // the name of an environment variable
	File string // the path of a file
}

// At is Place, safe to call when Place is nil.
func (o Object) At(path string) string {
	if o.Place == nil {
		return ""
	}
	return o.Place(path)
}
