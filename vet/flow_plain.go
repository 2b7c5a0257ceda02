package vet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file decides whether a text is plain or may be a reference.

func (f *flow) constant(e ast.Expr) bool { return f.info.Types[e].Value != nil }

// reference reports whether e is a text that may hold a variable: a
// handle, or a string that was made of one.
func (f *flow) reference(e ast.Expr) bool {
	e = ast.Unparen(e)
	t := f.info.TypeOf(e)
	if t == nil || f.constant(e) {
		return false
	}
	if isText(t) {
		return !f.plain(e)
	}
	if !textual(t) {
		return false
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		return x.Op == token.ADD && (f.reference(x.X) || f.reference(x.Y))
	case *ast.CallExpr:
		if f.info.Types[x.Fun].IsType() {
			return len(x.Args) == 1 && f.reference(x.Args[0])
		}
		if fn := calledFunction(f.info, x); fn != nil {
			switch fn.FullName() {
			case "fmt.Sprint", "fmt.Sprintf", "fmt.Sprintln":
				return slices.ContainsFunc(x.Args, f.reference)
			}
		}
	case *ast.Ident, *ast.SelectorExpr:
		v := f.variable(x)
		return v != nil && len(f.writes[v]) > 0 && f.every(v, isReference, func(s source) bool {
			return s.part == whole && f.reference(s.e)
		})
	}
	return false
}

// textual reports whether t is a string, or the bytes or the runes of one.
func textual(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Slice:
		b, ok := u.Elem().Underlying().(*types.Basic)
		return ok && (b.Kind() == types.Byte || b.Kind() == types.Rune)
	}
	return false
}

// plain reports whether the program itself sets the text e: to a constant, or to
// what it reads as a string.
func (f *flow) plain(e ast.Expr) bool {
	e = ast.Unparen(e)
	t := f.info.TypeOf(e)
	if f.constant(e) {
		return true
	}
	if t == nil || !isText(t) {
		return !f.reference(e)
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		return f.plain(x.X) && f.plain(x.Y)
	case *ast.CallExpr:
		if f.info.Types[x.Fun].IsType() {
			return len(x.Args) == 1 && f.plain(x.Args[0])
		}
		fn := calledFunction(f.info, x)
		if fn != nil && fn.FullName() == "cmp.Or" {
			return f.allPlain(x.Args)
		}
		return f.everyReturn(fn, isPlain, f.plain)
	case *ast.IndexExpr:
		return f.partsPlain(x.X, item)
	case *ast.Ident, *ast.SelectorExpr:
		return f.every(f.variable(x), isPlain, f.sourcePlain)
	}
	return false
}

func (f *flow) allPlain(list []ast.Expr) bool {
	for _, e := range list {
		if !f.plain(e) {
			return false
		}
	}
	return true
}

func (f *flow) sourcePlain(s source) bool {
	if s.part == whole {
		return f.plain(s.e)
	}
	return f.partsPlain(s.e, s.part)
}

// partsPlain reports whether the program itself sets all items, or all keys, of e.
func (f *flow) partsPlain(e ast.Expr, p part) bool {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.CompositeLit:
		for _, elt := range x.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				if elt = kv.Value; p == key {
					elt = kv.Key
				}
			}
			if !f.plain(elt) {
				return false
			}
		}
		return true
	case *ast.SliceExpr:
		return f.partsPlain(x.X, p)
	case *ast.CallExpr:
		return f.callPartsPlain(x, p)
	case *ast.Ident, *ast.SelectorExpr:
		if f.info.Types[x].IsNil() {
			return true
		}
		v := f.variable(x)
		what := itemsPlain
		if p == key {
			what = keysPlain
		}
		return f.every(v, what, func(s source) bool { return s.part == whole && f.partsPlain(s.e, p) }) &&
			f.storesPlain(v, p)
	}
	return false
}

func (f *flow) storesPlain(v *types.Var, p part) bool {
	for _, s := range f.stores[v] {
		if (s.part == key) == (p == key) && !f.plain(s.e) {
			return false
		}
	}
	return true
}

func (f *flow) callPartsPlain(x *ast.CallExpr, p part) bool {
	if f.info.Types[x.Fun].IsType() {
		return len(x.Args) == 1 && f.partsPlain(x.Args[0], p)
	}
	switch builtin(f.info, x) {
	case "make":
		return true
	case "append":
		if x.Ellipsis.IsValid() {
			return f.partsPlain(x.Args[0], p) && f.partsPlain(x.Args[1], p)
		}
		return f.partsPlain(x.Args[0], p) && f.allPlain(x.Args[1:])
	}
	fn := calledFunction(f.info, x)
	if fn == nil {
		return false
	}
	what := itemsPlain
	if p == key {
		what = keysPlain
	}
	if f.everyReturn(fn, what, func(e ast.Expr) bool { return f.partsPlain(e, p) }) {
		return true
	}
	if len(x.Args) != 1 {
		return false
	}
	switch fn.FullName() {
	case "maps.Keys":
		return f.partsPlain(x.Args[0], key)
	case "maps.Values", "slices.Values", "slices.Sorted", "slices.Collect", "slices.Clone":
		return f.partsPlain(x.Args[0], item)
	case "maps.Clone", "slices.All", "maps.All":
		return f.partsPlain(x.Args[0], p)
	}
	return false
}
