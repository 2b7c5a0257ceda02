package yamlwrite

import (
	"reflect"
	"slices"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/shape"
)

// plan is what reflection says of a type, found out once.
type plan struct {
	special      writer
	marshals     reflect.Type // json.Marshaler or encoding.TextMarshaler, of the type itself
	marshalsAddr reflect.Type // the same, of a pointer to it
	fields       []field      // of a struct, in the order in which they are written
	named        []field      // the same with the name first, nil where that is no other order
	kind         *field       // the field called kind, if there is one
	direct       direct       // how values are written that do not follow from their kind
}

// field is one field of a struct, or of a struct embedded in it.
type field struct {
	*shape.Field
	prune  bool // a struct, not behind a pointer, whose {} says nothing
	isText bool
	label  string // the key as it is written, with its colon
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

// order finds out what depends on which fields there are.
func (p *plan) order() {
	for i := range p.fields {
		f := &p.fields[i]
		f.label = string(append(appendQuoted(nil, f.Name), ':'))
		switch {
		case f.Name == "kind":
			p.kind = f
		case f.Name == "name" && i > 0:
			p.named = slices.Concat(p.fields[i:i+1], p.fields[:i], p.fields[i+1:])
			p.named[0].label = "name:"
		}
	}
	if p.named != nil {
		for i := range p.named {
			p.named[i].label = string(append(appendQuoted(nil, p.named[i].Name), ':'))
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

// fieldsOf lists the fields of a struct as people write them.
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
	byHabit(t, all)
	return all
}

// rank puts the fields first by which a person knows an object.
func rank(name string, object bool) int {
	switch {
	case object && name == "apiVersion":
		return 0
	case object && name == "kind":
		return 1
	}
	return 2
}

// prunes reports whether {} says nothing in a field of the type. It does not for
// structs that write themselves, and for a label selector {} selects all.
func prunes(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[metav1.LabelSelector]() &&
		special(t) == nil && marshaler(reflect.PointerTo(t)) == nil
}

// omitted reports whether encoding/json leaves the field out. For structs the
// author's omitempty is taken at its word.
func (f *field) omitted(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	case reflect.Map, reflect.Slice:
		return v.IsNil() || f.OmitEmpty && v.Len() == 0
	}
	return (f.OmitEmpty || f.OmitZero) && v.IsZero()
}

// noise reports whether a field says nothing though encoding/json writes it.
func (f *field) noise(v reflect.Value, n *Node) bool {
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
