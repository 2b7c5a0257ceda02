package handle

import "reflect"

// Walk replaces every string in v by the result of fix. v is a pointer.
func Walk(v any, fix func(string) string) { walkValue(reflect.ValueOf(v), fix, 0) }

// deepest limits the depth of Walk. Upstream types are not recursive, except for
// JSON schemas, which no field of a run contains.
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
