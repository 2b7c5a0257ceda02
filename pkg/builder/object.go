package builder

import (
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
)

// ObjectOf returns an object with the given keys and values.
func ObjectOf(values map[string]String) Object {
	fields := make(map[string]String, len(values))
	maps.Copy(fields, values)
	return Object{&keyed{fields: fields}}
}

// Object is an object at pipeline scope, a map of strings with known keys: a
// param, a result, or a value made by [ObjectOf]. The zero value means "not set".
type Object struct{ d *keyed }

type keyed struct {
	whole    string            // the marked [*] variable of a handle, "" for a value
	fields   map[string]String // the fields of a value
	variable tekref.Variable   // of a handle, without [*]
	keys     []string          // the keys of a handle
	scope    *scope
}

func newObject(s *scope, v tekref.Variable, keys []string) Object {
	return Object{&keyed{whole: s.token(handle.All, v.All()), variable: v, keys: keys, scope: s}}
}

func (o Object) isSet() bool { return o.d != nil }

// Key returns the value of a key, which the object must declare.
func (o Object) Key(name string) String {
	d := o.d
	if d == nil {
		return ""
	}
	if d.whole == "" {
		if v, ok := d.fields[name]; ok {
			return v
		}
		return String(mistake(handle.NoKey))
	}
	if !d.scope.knowsKey(callsite.Here(), d.variable, name, d.keys) {
		return String(d.scope.token(handle.Bad, d.anyKey(harmless)))
	}
	return String(d.scope.token(handle.Value, d.variable.WithKey(name)))
}

// anyKey returns the variable for a key that the object declares, as a
// replacement for one that it does not.
func (o *keyed) anyKey(otherwise tekref.Variable) tekref.Variable {
	if len(o.keys) == 0 {
		return otherwise
	}
	return o.variable.WithKey(o.keys[0])
}

// knowsKey reports whether the object declares the key, and records a problem if
// it does not.
func (s *scope) knowsKey(at place, v tekref.Variable, name string, keys []string) bool {
	if slices.Contains(keys, name) {
		return true
	}
	s.reportf(at, "key-unknown", "%s has no key %s", described(v), quote(name)).
		Help = phrase.OneOf(name, keys)
	return false
}

// described names what an object is the value of.
func described(v tekref.Variable) string {
	if v.Kind == tekref.TaskResult || v.Kind == tekref.FinallyResult {
		return "result " + quote(v.Name) + " of task " + quote(v.Owner)
	}
	if v.Kind == tekref.StepResult {
		return "result " + quote(v.Name) + " of step " + quote(v.Owner)
	}
	return "param " + quote(v.Name)
}

// Set returns an argument that sets the pipeline's object param for one run.
func (o Object) Set(v Object) Arg {
	arg := &paramArg{at: callsite.Here(), kind: objectKind, object: v}
	if o.d != nil {
		arg.target = o.d.whole
	}
	return arg
}

// declares returns help with the names that are declared.
func declares(what string, names []string) string {
	if len(names) == 0 {
		return "declare the " + what + " first"
	}
	return "use " + phrase.AnyOf(names)
}

// quoteAll lists names in quotes.
func quoteAll(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quote(n)
	}
	return strings.Join(q, ", ")
}
