package phrase

import "reflect"

// Type returns what a value of type t is called in messages: a list, a number.
func Type(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "a boolean"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a map"
	case reflect.String:
		return "a string"
	}
	return "a number"
}

// Value returns what a JSON value is called in messages, as Type does.
func Value(v any) string {
	switch v.(type) {
	case bool:
		return "a boolean"
	case []any:
		return "a list"
	case map[string]any:
		return "a map"
	case string:
		return "a string"
	}
	return "a number"
}
