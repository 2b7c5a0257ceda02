package simulate

import (
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// origins are the objects of a set with their places. A name can be in several folders, and
// a reference means the nearest one, as for package check.
type origins struct {
	objects []object.Object
	index   map[runtime.Object]int // by the object with the type of Tekton's v1
	set     *facts.Set             // made when a name is in several places
}

func (o *origins) add(from object.Object, to runtime.Object) {
	if o.index == nil {
		o.index = map[runtime.Object]int{}
	}
	o.index[to] = len(o.objects)
	o.objects = append(o.objects, from)
}

// entry is the object as package check sees it, or nil.
func (o *origins) entry(of runtime.Object) *facts.Entry {
	i, ok := o.index[of]
	if !ok {
		return nil
	}
	return o.facts().Entries()[i]
}

func (o *origins) facts() *facts.Set {
	if o.set == nil {
		o.set = facts.New(o.objects)
	}
	return o.set
}

// place is the file and the line of an object, or "".
func (o *origins) place(of runtime.Object) string {
	i, ok := o.index[of]
	if !ok {
		return ""
	}
	if at := o.objects[i].At(diag.Path{}); at.IsValid() {
		return at.Start().String()
	}
	return ""
}

// placed names objects with their places.
func (o *origins) placed(objects []runtime.Object) string {
	names := make([]string, len(objects))
	for i, of := range objects {
		names[i] = nameOf(of)
		if place := o.place(of); place != "" {
			names[i] += " in " + place
		}
	}
	return strings.Join(suggest.Candidates(names), ", ")
}

// nearest returns the object of a name to which the current object refers, and nil if there
// is none. That several are equally near is an error if they differ.
func nearest[T interface {
	comparable
	metav1.Object
	runtime.Object
}](b *binder, kind string, objects []T, name string) (none T, err error) {
	var all []T
	for _, o := range objects {
		if o.GetName() == name {
			all = append(all, o)
		}
	}
	if len(all) < 2 {
		return append(all, none)[0], nil
	}
	var near []T
	for _, e := range b.places.facts().Nearest(kind, b.namespace, name, b.places.entry(b.from)) {
		for _, o := range all {
			if b.places.entry(o) == e {
				near = append(near, o)
			}
		}
	}
	if len(near) == 0 {
		near = all
	}
	if differ := slices.ContainsFunc(near, func(o T) bool { return !alike(o, near[0]) }); differ {
		var list []runtime.Object
		for _, o := range near {
			list = append(list, o)
		}
		return none, errorf("%q means several objects that are equally near: %s. Leave out all but one of them", name, b.places.placed(list))
	}
	return near[0], nil
}

// alike reports whether two objects have the same spec.
func alike(a, b runtime.Object) bool {
	spec := func(o runtime.Object) any {
		v := reflect.ValueOf(o)
		if v.Kind() != reflect.Pointer || v.IsNil() {
			return nil
		}
		if f := v.Elem().FieldByName("Spec"); f.IsValid() {
			return f.Interface()
		}
		return nil
	}
	return reflect.DeepEqual(spec(a), spec(b))
}
