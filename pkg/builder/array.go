package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Array is an array of strings at pipeline scope: a param, a result, the
// collected results of a matrix, or a list made by Strings. It is opaque: its
// items are known in a run only. The zero value means "not given".
type Array struct{ d *array }

type array struct {
	whole     string          // the marked [*] reference of a handle, "" for a list
	items     []String        // the items of a list
	variable  tekref.Variable // of a handle, without [*]
	scope     *scope          // whose handle it is
	collected bool            // results of a matrix: they have no order to index
}

// Strings is the array of the items, Strings() the explicit empty array. An
// item may be another array's All, which stands for all of its items.
func Strings(items ...String) Array {
	return Array{&array{items: append([]String{}, items...)}}
}

// newArray is the handle of the array that v refers to.
func newArray(s *scope, v tekref.Variable) Array {
	return Array{&array{whole: s.token(handle.All, v.All()), variable: v, scope: s}}
}

func (a Array) isSet() bool { return a.d != nil }

// list returns the items as they are written in a list.
func (a Array) list() []String {
	switch {
	case a.d == nil:
		return nil
	case a.d.whole != "":
		return []String{String(a.d.whole)}
	}
	return a.d.items
}

// All stands for all items, inside a list: Strings("-v", flags.All()), the
// values of In, the arguments of a step.
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

// At is the item at index i, counted from 0. An index that the array of a run
// does not have fails that run.
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
		d.scope.reportf(at, "index-invalid", "At(%d) of collected results: the results of a matrix have no fixed order", i).
			Help = "pass the whole array on, or use AddMatrix over it"
		return String(d.scope.token(handle.Bad, harmless))
	case i < 0:
		d.scope.badIndex(at, i)
		return String(d.scope.token(handle.Bad, d.variable.At(0)))
	}
	return String(d.scope.token(handle.Value, d.variable.At(i)))
}

// mistake is the text of a value that is wrong, which is reported where it is
// used.
func mistake(what handle.Mistake) string {
	return handle.Token{Owner: handle.Owner{Scope: handle.Pipeline}, Form: handle.Bad, Mistake: what, Expr: harmless.Expr}.String()
}

// harmless is what a mistake that is on record refers to, so that no rule finds
// more wrong with it.
var harmless = tekref.ContextOf("pipelineRun", "name")

func (s *scope) badIndex(at place, i int) {
	s.reportf(at, "index-invalid", "At(%d) is before the first item", i).Help = "an index counts from 0"
}

// Set gives the pipeline's array param a value for one run.
func (a Array) Set(v Array) Arg {
	arg := &paramArg{at: callsite.Here(), kind: arrayKind, array: v}
	if a.d != nil {
		arg.target = a.d.whole
	}
	return arg
}
