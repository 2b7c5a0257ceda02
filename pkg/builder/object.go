package builder

import (
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Keys are the fields of an object value: Keys{"bucket": "b"}.Object().
type Keys map[string]String

// Object is the object value that has these keys.
func (k Keys) Object() Object {
	fields := make(map[string]String, len(k))
	maps.Copy(fields, k)
	return Object{&keyed{fields: fields}}
}

// Object is a map of strings with known keys, at pipeline scope: a param, a
// result, or a value made by Keys. The zero value means "not given".
type Object struct{ d *keyed }

type keyed struct {
	whole    string            // the marked [*] reference of a handle, "" for a value
	fields   map[string]String // the fields of a value
	variable tekref.Variable   // of a handle, without [*]
	keys     []string          // the keys of a handle
	scope    *scope
}

func newObject(s *scope, v tekref.Variable, keys []string) Object {
	return Object{&keyed{whole: s.token(handle.All, v.All()), variable: v, keys: keys, scope: s}}
}

func (o Object) isSet() bool { return o.d != nil }

// Key is the value under a key, which must be one that the object declares.
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

// anyKey refers to a key that the object has, for one that it has not.
func (o *keyed) anyKey(otherwise tekref.Variable) tekref.Variable {
	if len(o.keys) == 0 {
		return otherwise
	}
	return o.variable.WithKey(o.keys[0])
}

// knowsKey reports a key that the object does not declare.
func (s *scope) knowsKey(at place, v tekref.Variable, name string, keys []string) bool {
	if slices.Contains(keys, name) {
		return true
	}
	s.reportf(at, "key-unknown", "%s has no key %s", quote(v.Expr), quote(name)).
		Help = "it declares " + quoteAll(keys)
	return false
}

// Set gives the pipeline's object param a value for one run.
func (o Object) Set(v Object) Arg {
	arg := &paramArg{at: callsite.Here(), kind: objectKind, object: v}
	if o.d != nil {
		arg.target = o.d.whole
	}
	return arg
}

// quoteAll lists names in quotes.
func quoteAll(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quote(n)
	}
	return strings.Join(q, ", ")
}
