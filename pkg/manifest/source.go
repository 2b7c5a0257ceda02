package manifest

import (
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/pkg/object"
)

// Source is a source of objects for a set.
type Source interface {
	// Objects returns the objects of the source. The caller must not modify them.
	//
	// The error reports all mistakes in the description at once: errors.As finds a
	// [diag.Findings] with all of them. Objects may return objects together with an
	// error. These are incomplete; they may be inspected, but must not be written
	// or applied.
	Objects() ([]object.Object, error)
}

// sharing is a source that shares the results of its work with the other sources of
// the set.
type sharing interface {
	ObjectsIn(*memo.Memo) ([]object.Object, error)
}

// FromObjects returns a source of upstream objects, for kinds without a builder. The
// apiVersion and the kind of each object must be set.
//
//	set.Add(manifest.FromObjects(&corev1.LimitRange{TypeMeta: ..., ObjectMeta: ...}))
func FromObjects(objects ...runtime.Object) Source {
	l := make(list, len(objects))
	for i, o := range objects {
		l[i].Object = o
	}
	return l
}

// list is a source of existing objects.
type list []object.Object

// Objects returns the list.
func (l list) Objects() ([]object.Object, error) { return l, nil }
