package phrase

import "reflect"

// Type names what a field of that type has to be: a list, a number.
func Type(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a map"
	case reflect.String:
		return "a string"
	}
	return "a number"
}

// Value names what a value of JSON is, as Type does.
func Value(v any) string {
	switch v.(type) {
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a map"
	case string:
		return "a string"
	}
	return "a number"
}
