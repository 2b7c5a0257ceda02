package tree

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
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
	name      string
	index     []int
	omitEmpty bool
	omitZero  bool
	prune     bool // a struct, not behind a pointer, whose {} says nothing
	isText    bool
	label     string // the key as it is written, with its colon
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
		f.label = string(append(appendQuoted(nil, f.name), ':'))
		switch {
		case f.name == "kind":
			p.kind = f
		case f.name == "name" && i > 0:
			p.named = slices.Concat(p.fields[i:i+1], p.fields[:i], p.fields[i+1:])
			p.named[0].label = "name:"
		}
	}
	if p.named != nil {
		for i := range p.named {
			p.named[i].label = string(append(appendQuoted(nil, p.named[i].name), ':'))
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

// fieldsOf lists what encoding/json writes of a struct: fields of embedded
// structs count as its own, an outer one hides an inner one of the same name.
func fieldsOf(t reflect.Type) []field {
	var all []field
	collect(t, nil, &all)
	slices.SortStableFunc(all, func(a, b field) int { return len(a.index) - len(b.index) })
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(f field) bool {
		hidden := seen[f.name]
		seen[f.name] = true
		return hidden
	})
	slices.SortStableFunc(all, func(a, b field) int { return slices.Compare(a.index, b.index) })

	object := reflect.PointerTo(t).Implements(reflect.TypeFor[runtime.Object]())
	if object {
		all = slices.DeleteFunc(all, func(f field) bool { return f.name == "status" })
	}
	slices.SortStableFunc(all, func(a, b field) int { return rank(a.name, object) - rank(b.name, object) })
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

func collect(t reflect.Type, index []int, all *[]field) {
	for i := range t.NumField() {
		sf := t.Field(i)
		tag := sf.Tag.Get("json")
		if tag == "-" || !sf.IsExported() && !sf.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		at := append(slices.Clone(index), i)
		inner := sf.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if sf.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			collect(inner, at, all)
			continue
		}
		if name == "" {
			name = sf.Name
		}
		f := field{name: name, index: at, prune: prunes(sf.Type), isText: sf.Type.Kind() == reflect.String}
		for o := range strings.SplitSeq(options, ",") {
			f.omitEmpty = f.omitEmpty || o == "omitempty"
			f.omitZero = f.omitZero || o == "omitzero"
		}
		*all = append(*all, f)
	}
}

// prunes tells whether {} says nothing in a field of the type. It does not for
// structs that write themselves, and for a label selector {} selects all.
func prunes(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[metav1.LabelSelector]() &&
		special(t) == nil && marshaler(reflect.PointerTo(t)) == nil
}

// in returns the field of v; false where an embedded pointer is nil.
func (f *field) in(v reflect.Value) (reflect.Value, bool) {
	for i, x := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, true
}

// omitted tells whether encoding/json leaves the field out. For structs the
// author's omitempty is taken at its word.
func (f *field) omitted(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	case reflect.Map, reflect.Slice:
		return v.IsNil() || f.omitEmpty && v.Len() == 0
	}
	return (f.omitEmpty || f.omitZero) && v.IsZero()
}

// noise tells whether a field says nothing though encoding/json writes it.
func (f *field) noise(v reflect.Value, n *Node) bool {
	switch n.Kind {
	case Null:
		return true
	case String:
		return n.Text == "" && v.Kind() == reflect.String && f.name != "value"
	case Map:
		return n.empty() && (v.Kind() == reflect.Map || f.prune)
	}
	return false
}
