package builder

import (
	"reflect"

	"github.com/tekwright/tekwright/internal/handle"
)

// Upstream structs that a caller fills in or changes with Mutate may contain
// handles like any other text. sweep finds them.

// sweep replaces every string in v that contains a handle by the result of fix.
// v is a pointer.
func sweep(v any, fix func(string) string) {
	walk(v, func(s string) string {
		if handle.Plain(s) {
			return s
		}
		return fix(s)
	})
}

// walk replaces every string in v by the result of fix. v is a pointer.
func walk(v any, fix func(string) string) { walkValue(reflect.ValueOf(v), fix, 0) }

// deepest limits the depth of walk. Upstream types are not recursive, except for
// JSON schemas, which no field here contains.
const deepest = 64

func walkValue(v reflect.Value, fix func(string) string, depth int) {
	if depth > deepest {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(fix(v.String()))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walkValue(v.Elem(), fix, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walkValue(v.Field(i), fix, depth+1)
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			walkValue(v.Index(i), fix, depth+1)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			e := reflect.New(v.Type().Elem()).Elem()
			e.Set(v.MapIndex(k))
			walkValue(e, fix, depth+1)
			if k.Kind() == reflect.String {
				if fixed := fix(k.String()); fixed != k.String() {
					v.SetMapIndex(k, reflect.Value{})
					k = reflect.ValueOf(fixed).Convert(k.Type())
				}
			}
			v.SetMapIndex(k, e)
		}
	}
}

// raw lowers the handles in an upstream struct at task scope.
func (l *lowering) raw(s *scope, at place, what string, v any) {
	sweep(v, func(text string) string { return l.text(s, at, what, "", TaskString(text)) })
}

// raw lowers the handles in an upstream struct at pipeline scope.
func (c wiring) raw(at place, where string, v any) {
	sweep(v, func(s string) string {
		c.check(at, where, s)
		return handle.Strip(s)
	})
}
