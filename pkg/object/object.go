// Package object has the type that everything which makes or reads Kubernetes
// objects hands on: the object, and where each part of it comes from.
package object

import (
	"reflect"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Object is one Kubernetes object together with the knowledge of where each
// part of it comes from.
//
// The object is an upstream struct (v1.Task, v1.Pipeline, corev1.Secret, ...)
// or an unstructured.Unstructured, with apiVersion and kind set.
type Object struct {
	runtime.Object

	// Locate returns the position that asked for the value at path, or for the
	// nearest value that holds it; the zero Position where that is unknown. An
	// excerpt that is not "" is a part of the value, or the key that path ends
	// with, and the position is that of the excerpt where it can be found. A nil
	// Locate knows no position.
	Locate func(path diag.Path, excerpt string) diag.Position

	// Adjust lets whoever made the object refine a finding in it: add help, raise
	// the severity, or drop it by returning false. check.Run calls it for each
	// finding whose Object this is. A nil Adjust keeps findings as they are.
	Adjust func(diag.Finding) (diag.Finding, bool)

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

	// Values says, by key, where a writer that was asked for the object by
	// name finds its values. A key without an entry has no value.
	Values map[string]ValueSource
}

// ValueSource is where a value is when it is written; one of the two is set.
type ValueSource struct {
	Env  string // the name of an environment variable
	File string // the path of a file
}

// At is Locate for all of the value at path, safe to call when Locate is nil.
func (o Object) At(path diag.Path) diag.Position { return o.Find(path, "") }

// Find is Locate, safe to call when Locate is nil.
func (o Object) Find(path diag.Path, excerpt string) diag.Position {
	if o.Locate == nil {
		return diag.Position{}
	}
	return o.Locate(path, excerpt)
}

// IsNil reports whether there is no object: an interface without a value, or a
// nil pointer in one.
func (o Object) IsNil() bool {
	if o.Object == nil {
		return true
	}
	v := reflect.ValueOf(o.Object)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// Ref identifies the object by what it says of itself. An object without a name
// is identified by its generateName.
func (o Object) Ref() diag.ObjectRef {
	if o.IsNil() {
		return diag.ObjectRef{}
	}
	var ref diag.ObjectRef
	if k := o.GetObjectKind(); k != nil {
		ref.APIVersion, ref.Kind = k.GroupVersionKind().ToAPIVersionAndKind()
	}
	if m, err := meta.Accessor(o.Object); err == nil {
		ref.Namespace, ref.Name = m.GetNamespace(), m.GetName()
		if ref.Name == "" {
			ref.Name = m.GetGenerateName()
		}
	}
	return ref
}
