package check

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// Paths are spelt as in Finding.Path.

// at returns the path of an item of a list: at("spec.tasks", 2) is
// spec.tasks[2].
func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// field returns the path of a field: field("spec.tasks[2]", "name").
func field(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// key returns the path of the value of a key of a map.
func key(path, k string) string { return path + "[" + strconv.Quote(k) + "]" }

// sortedKeys returns the keys of a map in order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

func itoa(n int) string { return strconv.Itoa(n) }
