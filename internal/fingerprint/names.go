package fingerprint

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/shape"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// objects finds objects by their reference and file.
type objects struct {
	byRef map[diag.ObjectRef][]placed
	raw   map[*byte]any // decoded
}

// placed is an object with its position.
type placed struct {
	object.Object
	at diag.Position
}

func newObjects(all []object.Object) *objects {
	o := &objects{map[diag.ObjectRef][]placed{}, map[*byte]any{}}
	for _, obj := range all {
		if !obj.IsNil() {
			ref := obj.Ref()
			o.byRef[ref] = append(o.byRef[ref], placed{obj, obj.At(diag.Path{})})
		}
	}
	for _, same := range o.byRef {
		slices.SortStableFunc(same, func(a, b placed) int { return a.at.Compare(b.at) })
	}
	return o
}

// of returns the object of a finding: of several with the same reference the last one that
// begins before it in the same file.
func (o *objects) of(f diag.Finding) (object.Object, bool) {
	same := o.byRef[f.Object]
	if len(same) == 1 {
		return same[0].Object, true
	}
	i := sort.Search(len(same), func(i int) bool {
		return cmp.Or(strings.Compare(same[i].at.File, f.Position.File), same[i].at.Compare(f.Position)) > 0
	}) - 1
	if i < 0 || same[i].at.File != f.Position.File {
		return object.Object{}, false
	}
	return same[i].Object, true
}

// walk returns the path with names of list items in place of indexes, and the string at its
// end; "" if there is none.
func (o *objects) walk(root any, path diag.Path) (names []string, text string) {
	v := reflect.ValueOf(root)
	for _, s := range path.Segments() {
		v = o.value(v)
		if s.Kind != diag.IndexSegment {
			names = append(names, s.Name)
			v = child(v, s.Name)
			continue
		}
		if v.Kind() != reflect.Slice || s.Index < 0 || s.Index >= v.Len() {
			v = reflect.Value{}
		} else {
			v = o.value(v.Index(s.Index))
		}
		names = append(names, "[]", cmp.Or(o.text(child(v, "name")), o.text(child(o.value(child(v, "metadata")), "name"))))
	}
	return names, o.text(v)
}

// text returns a string, "" for other values.
func (o *objects) text(v reflect.Value) string {
	if v = o.value(v); v.Kind() == reflect.String {
		return v.String()
	}
	return ""
}

// value returns the value that pointers and interfaces lead to, or that raw JSON has.
func (o *objects) value(v reflect.Value) reflect.Value {
	for {
		switch {
		case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
			if u, ok := reflect.TypeAssert[*unstructured.Unstructured](v); ok && u != nil {
				return reflect.ValueOf(u.Object)
			}
			v = v.Elem()
		case v.Kind() == reflect.Struct && shape.Of(v.Type()).Class == shape.Raw:
			return o.decoded(v)
		default:
			return v
		}
	}
}

// decoded returns the value of raw JSON.
func (o *objects) decoded(v reflect.Value) reflect.Value {
	for v.NumField() == 1 && v.Type().Field(0).Anonymous {
		v = v.Field(0)
	}
	field := v.FieldByName("Raw")
	if !field.IsValid() || field.Len() == 0 {
		return reflect.Value{}
	}
	raw := field.Bytes()
	if _, ok := o.raw[&raw[0]]; !ok {
		var content any
		_ = json.Unmarshal(raw, &content) // what is not JSON has no names
		o.raw[&raw[0]] = content
	}
	return reflect.ValueOf(o.raw[&raw[0]])
}

// child returns the value of a field or of a key.
func child(v reflect.Value, name string) reflect.Value {
	switch v.Kind() {
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			return v.MapIndex(reflect.ValueOf(name).Convert(v.Type().Key()))
		}
	case reflect.Struct:
		if f := shape.Of(v.Type()).Field(name); f != nil {
			if v, ok := f.In(v); ok {
				return v
			}
		}
	}
	return reflect.Value{}
}
