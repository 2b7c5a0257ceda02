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

// comparePaths orders paths as the values stand: [2] before [10].
func comparePaths(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && isDigit(a[i-1]) {
		i--
	}
	if m, n := digits(a[i:]), digits(b[i:]); m > 0 && n > 0 && m != n {
		return cmp.Compare(m, n) // the longer number is the greater one
	}
	return cmp.Compare(a[i:], b[i:])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits counts those that a text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}
