// Package phrase provides the wording that the messages of several rules share.
package phrase

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
)

// Quote returns the name in double quotes.
func Quote(name string) string { return strconv.Quote(name) }

// Itoa returns the decimal representation of n.
func Itoa(n int) string { return strconv.Itoa(n) }

// Article returns a param type with its indefinite article: an array, an object, a
// string.
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

// Plural returns the noun in the singular or plural, followed by the names in quotes:
// key "a", keys "a" and "b".
func Plural(noun string, names []string) string {
	switch len(names) {
	case 0:
		return "no " + noun
	case 1:
		return noun + " " + Quote(names[0])
	}
	return noun + "s " + join(names, " and ")
}

// AnyOf returns the quoted values, joined with or: "a", "b" or "c".
func AnyOf(values []string) string { return join(values, " or ") }

// AllOf returns the quoted values, joined with and: "a", "b" and "c".
func AllOf(values []string) string { return join(values, " and ") }

// Or returns the words without quotes, joined with or: a, b or c.
func Or(words []string) string { return list(words, " or ") }

// And returns the words without quotes, joined with and: a, b and c.
func And(words []string) string { return list(words, " and ") }

func join(names []string, last string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = Quote(n)
	}
	return list(quoted, last)
}

func list(words []string, last string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + last + words[n-1]
	}
	return strings.Join(words, "")
}

// Count returns n and the noun in the singular or plural: 1 item, 2 items.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Suggest returns the help for an unknown name. It suggests the most similar
// candidate, and returns other if no candidate is similar.
func Suggest(name string, candidates []string, other string) string {
	if near := suggest.Name(name, candidates); near != "" {
		return "did you mean " + Quote(near) + "?"
	}
	return other
}

// OneOf returns the help for a value that must be one of values. It does not list very many.
func OneOf(value string, values []string) string {
	if len(values) > suggest.MaxCandidates {
		return Suggest(value, values, "use one of the "+Count(len(values), "value")+" that exist")
	}
	values = slices.Clone(values)
	seen := map[string]bool{}
	values = slices.DeleteFunc(values, func(v string) bool { twice := seen[v]; seen[v] = true; return twice })
	return Suggest(value, values, "use "+AnyOf(values))
}

// OneLine returns the text of an error on one line, without a full stop.
func OneLine(err error) string {
	return strings.TrimSuffix(strings.Join(strings.Fields(err.Error()), " "), ".")
}

// QuotedThroughEnv is the message of the fix that passes the inputs of a script through env,
// where all of them are in double quotes: their values are one text, as they were before, and
// nothing in the script reads it as code.
const QuotedThroughEnv = "pass the inputs of the script through env"
