// Package calls lists which call of the library sets which field of upstream's types.
//
// A key is the kind and the path of a field, with [] for the items of a list:
// EventListener.spec.triggers[].name. A value is the function or the method of the package
// that describes the kind, such as Listener.Inline, or several of them, separated by commas.
// For a field without a call it is a sentence that begins with Mutate: why there is none.
//
// The tests hold the tables against upstream's types and against the packages: a new field of
// upstream, and a call that is renamed, fail them.
package calls

import "strings"

// NoCall reports whether a value of a table says that the field has no call.
func NoCall(value string) bool { return strings.HasPrefix(value, "Mutate") }

// below adds the fields below a path to a table.
func below(table map[string]string, path string, fields map[string]string) {
	for key, call := range fields {
		table[path+"."+key] = call
	}
}
