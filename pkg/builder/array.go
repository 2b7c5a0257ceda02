package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Array is an array of strings at pipeline scope: a param, a result, the
// collected results of a matrix, or a list made by Strings. The items of a param
// or a result are known only during a run. The zero value means "not set".
type Array struct{ d *array }

type array struct {
	whole     string          // the marked [*] variable of a handle, "" for a list
	items     []String        // the items of a list
	variable  tekref.Variable // of a handle, without [*]
	scope     *scope          // which the handle belongs to
	collected bool            // results of a matrix, which have no fixed order
}

// Strings returns an array of the items. Strings() is the explicit empty array.
// Another array can be inserted with [Array.All].
func Strings(items ...String) Array {
	return Array{&array{items: append([]String{}, items...)}}
}

// newArray returns the handle for the array that v refers to.
func newArray(s *scope, v tekref.Variable) Array {
	return Array{&array{whole: s.token(handle.All, v.All()), variable: v, scope: s}}
}

func (a Array) isSet() bool { return a.d != nil }

// list returns the items as they are written in YAML.
func (a Array) list() []String {
	switch {
	case a.d == nil:
		return nil
	case a.d.whole != "":
		return []String{String(a.d.whole)}
	}
	return a.d.items
}

// All returns an item that Tekton replaces by all items of the array. It is
// valid only as a whole item of a list: Strings("-v", flags.All()), the values
// of In, the arguments of a step.
func (a Array) All() String {
	if a.d == nil {
		return ""
	}
	if a.d.whole != "" {
		return String(a.d.whole)
	}
	if len(a.d.items) == 1 {
		return a.d.items[0]
	}
	return String(mistake(handle.AllOfList))
}

// At returns the item at index i, counted from 0. A run whose array has no such
// item fails.
func (a Array) At(i int) String {
	d := a.d
	if d == nil {
		return ""
	}
	at := callsite.Here()
	if d.whole == "" {
		if i >= 0 && i < len(d.items) {
			return d.items[i]
		}
		return String(mistake(handle.NoItem))
	}
	switch {
	case d.collected:
		d.scope.reportf(at, "index-invalid", "At(%d) is called on collected results, but the results of a matrix have no fixed order", i).
			Help = "pass on the whole array, or use it with AddMatrix"
		return String(d.scope.token(handle.Bad, harmless))
	case i < 0:
		d.scope.badIndex(at, i)
		return String(d.scope.token(handle.Bad, d.variable.At(0)))
	}
	return String(d.scope.token(handle.Value, d.variable.At(i)))
}

// mistake returns the text of a wrong value, which is reported where it is used.
func mistake(what handle.Mistake) string {
	return handle.Token{Owner: handle.Owner{Scope: handle.Pipeline}, Form: handle.Bad, Mistake: what, Expr: harmless.Expr}.String()
}

// harmless is the variable that replaces a value whose mistake has been
// reported, so that no rule reports more about it.
var harmless = tekref.ContextOf("pipelineRun", "name")

func (s *scope) badIndex(at place, i int) {
	s.reportf(at, "index-invalid", "At is called with the negative index %d", i).Help = "use an index of 0 or more"
}

// Set returns an argument that sets the pipeline's array param for one run.
func (a Array) Set(v Array) Arg {
	arg := &paramArg{at: callsite.Here(), kind: arrayKind, array: v}
	if a.d != nil {
		arg.target = a.d.whole
	}
	return arg
}
