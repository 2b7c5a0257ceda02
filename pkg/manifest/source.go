package manifest

import (
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/object"
)

// Source is anything that has objects to put into a set.
type Source interface {
	// Objects returns the objects, or every problem that keeps them from
	// being. The set changes none of the objects.
	Objects() ([]object.Object, error)
}

// Of makes a source of upstream objects, for what no builder covers. Each
// needs its apiVersion and kind.
//
//	set.Add(manifest.Of(&corev1.LimitRange{TypeMeta: ..., ObjectMeta: ...}))
func Of(objects ...runtime.Object) Source {
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
