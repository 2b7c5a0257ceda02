package manifest

import (
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/pkg/object"
)

// Source is anything that has objects to put into a set.
type Source interface {
	// Objects returns the objects of the source. Whoever asks must not change
	// them.
	//
	// The error holds every problem at once, each that is about the description
	// as a [diag.Finding]: errors.As finds a [diag.Findings] with all of them.
	// Beside an error, Objects returns those objects that could be made all the
	// same. They are incomplete: they are there to be looked at, and must be
	// neither written nor applied.
	Objects() ([]object.Object, error)
}

// sharing is a source that shares what it makes of a description with the other
// sources of the set.
type sharing interface {
	ObjectsIn(*memo.Memo) ([]object.Object, error)
}

// FromObjects makes a source of upstream objects, for what no builder covers. Each
// needs its apiVersion and kind.
//
//	set.Add(manifest.FromObjects(&corev1.LimitRange{TypeMeta: ..., ObjectMeta: ...}))
func FromObjects(objects ...runtime.Object) Source {
	l := make(list, len(objects))
	for i, o := range objects {
		l[i].Object = o
	}
	return l
}

// list is a source that has its objects at hand.
type list []object.Object

// Objects returns the list.
func (l list) Objects() ([]object.Object, error) { return l, nil }
