package conversion

import (
	"reflect"
	"sync"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
)

// unset marks a value that is not set, which Tekton's conversion would turn into an
// empty string.
const unset = "unset"

// retype changes the type of the values of the params below v.
func retype(v reflect.Value, from, to string) {
	switch t := v.Type(); {
	case !sets(t):
	case t.Kind() == reflect.Pointer:
		if !v.IsNil() {
			retype(v.Elem(), from, to)
		}
	case t.Kind() == reflect.Slice:
		for i := range v.Len() {
			retype(v.Index(i), from, to)
		}
	case isParam(t):
		if typ := v.FieldByName("Value").FieldByName("Type"); typ.String() == from {
			typ.SetString(to)
		}
	default:
		for i := range t.NumField() {
			retype(v.Field(i), from, to)
		}
	}
}

func isParam(t reflect.Type) bool {
	return t == reflect.TypeFor[v1.Param]() || t == reflect.TypeFor[v1beta1.Param]()
}

var setting sync.Map // reflect.Type -> bool

// sets reports whether values of a type can contain params.
func sets(t reflect.Type) bool {
	if found, ok := setting.Load(t); ok {
		return found.(bool)
	}
	found := contains(t, map[reflect.Type]bool{})
	setting.Store(t, found)
	return found
}

func contains(t reflect.Type, seen map[reflect.Type]bool) bool {
	if isParam(t) {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return contains(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			if f.IsExported() && contains(f.Type, seen) {
				return true
			}
		}
	}
	return false
}
