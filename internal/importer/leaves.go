package importer

import (
	"encoding/json"
	"reflect"
)

// leaves returns how many values a part of an object has: texts, numbers and booleans. An
// empty map or list is one, too.
func leaves(v reflect.Value) int {
	if !v.IsValid() || !v.CanInterface() {
		return 1
	}
	text, err := json.Marshal(v.Interface())
	if err != nil {
		return 1
	}
	return leavesOf(text)
}

// leavesOf returns how many values a text of JSON has.
func leavesOf(text []byte) int {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return 1
	}
	return Leaves(v)
}

// Leaves returns how many values a value of JSON has.
func Leaves(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			n += Leaves(x)
		}
	case []any:
		for _, x := range v {
			n += Leaves(x)
		}
	}
	return max(n, 1)
}
