// Package phrase has the turns of speech that messages share, so that they read
// alike.
package phrase

import (
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
)

// Quote quotes a name.
func Quote(name string) string { return strconv.Quote(name) }

// Itoa writes a number.
func Itoa(n int) string { return strconv.Itoa(n) }

// Article names a type in a sentence: an array, an object, a string.
func Article[T ~string](typ T) string {
	switch typ {
	case "array":
		return "an array"
	case "object":
		return "an object"
	case "string":
		return "a string"
	}
	return "of type " + Quote(string(typ))
}

// Plural names one or several things: key "a", keys "a" and "b".
func Plural(noun string, names []string) string {
	switch len(names) {
	case 0:
		return "no " + noun
	case 1:
		return noun + " " + Quote(names[0])
	}
	return noun + "s " + join(names, " and ")
}

// Listed lists values in a sentence: "a", "b" or "c".
func Listed(values []string) string { return join(values, " or ") }

func join(names []string, last string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = Quote(n)
	}
	if n := len(quoted); n > 1 {
		return strings.Join(quoted[:n-1], ", ") + last + quoted[n-1]
	}
	return strings.Join(quoted, "")
}

// Count counts things: 1 item, 2 items.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Suggest returns the help for an unknown name: what it was likely meant to be,
// or else the other help.
func Suggest(name string, candidates []string, other string) string {
	if near := suggest.Name(name, candidates); near != "" {
		return "did you mean " + Quote(near) + "?"
	}
	return other
}

// OneOf returns the help for a value that is not among a few.
func OneOf(value string, values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = Quote(v)
	}
	return Suggest(value, values, "write one of "+strings.Join(quoted, ", "))
}
