package check_test

import (
	"encoding/json"
	"iter"
	"maps"
	"math/rand"
	"slices"
	"strings"
)

func keysOf[K comparable, V any](m map[K]V) iter.Seq[K] { return maps.Keys(m) }

// slot is a value in an object, with a function that replaces it.
type slot struct {
	value any
	set   func(any)
	drop  func()
}

// slots returns all values below v.
func slots(v any, out []slot) []slot {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, slot{v[k], func(n any) { v[k] = n }, func() { delete(v, k) }})
			out = slots(v[k], out)
		}
	case []any:
		for i := range v {
			out = append(out, slot{v[i], func(n any) { v[i] = n }, func() { v[i] = map[string]any{} }})
			out = slots(v[i], out)
		}
	}
	return out
}

// breakOne changes one value of an object: it removes, modifies or duplicates the
// value, or replaces it by another one of the object.
func breakOne(rnd *rand.Rand, whole []byte) []byte {
	var object map[string]any
	if json.Unmarshal(whole, &object) != nil {
		return whole
	}
	all := slots(object["spec"], nil)
	if rnd.Intn(12) == 0 {
		all = slots(object["metadata"], nil)
	}
	if len(all) == 0 {
		return whole
	}
	s := all[rnd.Intn(len(all))]
	other := all[rnd.Intn(len(all))]
	switch v := s.value.(type) {
	case string:
		s.set(bend(rnd, v, other.value))
	case []any:
		switch {
		case len(v) == 0 || rnd.Intn(3) == 0:
			s.drop()
		case rnd.Intn(2) == 0:
			s.set(append(slices.Clone(v), v[rnd.Intn(len(v))]))
		default:
			i := rnd.Intn(len(v))
			s.set(slices.Delete(slices.Clone(v), i, i+1))
		}
	default:
		if rnd.Intn(3) == 0 {
			s.set(other.value)
		} else {
			s.drop()
		}
	}
	broken, err := json.Marshal(object)
	if err != nil {
		return whole // a value was put into itself
	}
	return broken
}

// bend returns a modified string.
func bend(rnd *rand.Rand, v string, other any) any {
	o, isString := other.(string)
	switch rnd.Intn(9) {
	case 0:
		return ""
	case 1:
		return strings.ToUpper(v)
	case 2:
		return "x" + v[min(1, len(v)):]
	case 3:
		return v + " "
	case 4:
		return strings.ReplaceAll(v, ".", "-")
	case 5:
		if i := strings.Index(v, "$("); i >= 0 && len(v) > i+4 {
			at := i + 2 + rnd.Intn(len(v)-i-2)
			return v[:at] + v[min(at+1, len(v)):]
		}
		return "$(params." + v + ")"
	case 6:
		if isString {
			return o
		}
		return []any{v}
	case 7:
		if isString {
			return v + o
		}
		return v + v
	}
	return strings.ReplaceAll(strings.ReplaceAll(v, "params", "tasks"), "results", "params")
}
