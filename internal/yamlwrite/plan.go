package yamlwrite

import (
	"reflect"
	"slices"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/shape"
)

// plan contains what is known about a type by reflection. It is computed once.
type plan struct {
	special      writer
	marshals     reflect.Type // json.Marshaler or encoding.TextMarshaler, if the type implements it
	marshalsAddr reflect.Type // the same for a pointer to the type
	fields       []field      // the fields of a struct, in the order in which they are written
	nameFirst    []field      // the same with the field "name" first; nil if it is first in fields
	kind         *field       // the field "kind"; nil if there is none
	direct       direct       // how values are written; nil if that only depends on their reflect.Kind
}

// field is a field of a struct or of an embedded struct.
type field struct {
	*shape.Field
	prune  bool // whether it is a struct that is omitted if it is empty
	isText bool
	label  string // the key as it is written, with the colon
}

var plans sync.Map // reflect.Type -> *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{special: special(t)}
	p.marshals = marshaler(t)
	p.marshalsAddr = marshaler(reflect.PointerTo(t))
	if t.Kind() == reflect.Struct {
		p.fields = fieldsOf(t)
		p.order()
	}
	p.direct = directOf(t, p)
	actual, _ := plans.LoadOrStore(t, p)
	return actual.(*plan)
}

// order sets kind and nameFirst, and the labels of the fields.
func (p *plan) order() {
	for i := range p.fields {
		f := &p.fields[i]
		f.label = string(append(appendQuoted(nil, f.Name), ':'))
		switch {
		case f.Name == "kind":
			p.kind = f
		case f.Name == "name" && i > 0:
			p.nameFirst = slices.Concat(p.fields[i:i+1], p.fields[:i], p.fields[i+1:])
			p.nameFirst[0].label = "name:"
		}
	}
	if p.nameFirst != nil {
		for i := range p.nameFirst {
			p.nameFirst[i].label = string(append(appendQuoted(nil, p.nameFirst[i].Name), ':'))
		}
	}
}

func marshaler(t reflect.Type) reflect.Type {
	switch {
	case t.Implements(jsonMarshaler):
		return jsonMarshaler
	case t.Implements(textMarshaler):
		return textMarshaler
	}
	return nil
}

// fieldsOf returns the fields of a struct in the order in which they are written.
func fieldsOf(t reflect.Type) []field {
	known := shape.Of(t).Fields()
	object := reflect.PointerTo(t).Implements(reflect.TypeFor[runtime.Object]())
	all := make([]field, 0, len(known))
	for i := range known {
		f := &known[i]
		if object && f.Name == "status" {
			continue
		}
		all = append(all, field{Field: f, prune: prunes(f.Go), isText: f.Go.Kind() == reflect.String})
	}
	slices.SortStableFunc(all, func(a, b field) int { return rank(a.Name, object) - rank(b.Name, object) })
	sortFields(t, all)
	return all
}

// rank returns the position of a field in an object: apiVersion and kind come first.
func rank(name string, object bool) int {
	switch {
	case object && name == "apiVersion":
		return 0
	case object && name == "kind":
		return 1
	}
	return 2
}

// prunes reports whether a field of type t is omitted if its value is {}. This is not so
// for types with their own representation, and for label selectors, because {} selects
// all objects.
func prunes(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[metav1.LabelSelector]() &&
		special(t) == nil && marshaler(reflect.PointerTo(t)) == nil
}

// omitted reports whether encoding/json omits the field. In addition, it applies
// omitempty to structs, as their authors expected.
func (f *field) omitted(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	case reflect.Map, reflect.Slice:
		return v.IsNil() || f.OmitEmpty && v.Len() == 0
	}
	return (f.OmitEmpty || f.OmitZero) && v.IsZero()
}

// isRedundant reports whether a field is omitted although encoding/json writes it.
func (f *field) isRedundant(v reflect.Value, n *Node) bool {
	switch n.Kind {
	case Null:
		return true
	case String:
		return n.Text == "" && v.Kind() == reflect.String && f.Name != "value"
	case Map:
		return n.empty() && (v.Kind() == reflect.Map || f.prune)
	}
	return false
}
