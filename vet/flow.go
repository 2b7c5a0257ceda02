package vet

import (
	"go/ast"
	"go/types"
	"slices"
)

// A flow knows what is written to the variables of a package, without an order:
// whether a text is one that the program itself sets, or may be a reference.
type flow struct {
	info    *types.Info
	pkg     *types.Package
	writes  map[*types.Var][]source
	stores  map[*types.Var][]source // what is stored in a slice or a map
	spoiled map[*types.Var]bool     // written in a way that is not followed
	public  map[*types.Var]bool     // fields that other packages can write

	returns map[*types.Func][]ast.Expr // of functions of the package that return one thing

	emptyTests map[*ast.CallExpr]bool // len(x) == 0 and the like

	asking   map[question]bool
	answered map[question]bool // the answers to questions that did not come up in others
}

// A source is what a variable is set to: an expression, or an item or a key of one.
type source struct {
	e    ast.Expr
	part part
}

type part int

const (
	whole part = iota
	item
	key
)

// A question is one that is being answered: variables can depend on each other.
type question struct {
	about types.Object
	what  int
}

// everyReturn reports whether the answer is yes for all that fn returns.
func (f *flow) everyReturn(fn *types.Func, what int, answer func(ast.Expr) bool) bool {
	if fn == nil || len(f.returns[fn.Origin()]) == 0 {
		return false
	}
	return f.answer(question{fn.Origin(), what}, func() bool {
		return !slices.ContainsFunc(f.returns[fn.Origin()], func(e ast.Expr) bool { return !answer(e) })
	})
}

// variable returns the variable or the field that an expression is, or nil.
func (f *flow) variable(e ast.Expr) *types.Var {
	var id *ast.Ident
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	v, _ := f.info.ObjectOf(id).(*types.Var)
	if v != nil {
		v = v.Origin()
	}
	return v
}

// followed reports whether all that is written to v is known.
func (f *flow) followed(v *types.Var) bool {
	if f.spoiled[v] || v.Pkg() != f.pkg {
		return false
	}
	_, ok := f.writes[v]
	switch {
	case v.IsField():
		return !f.public[v]
	case v.Parent() == f.pkg.Scope():
		return !v.Exported() || f.pkg.Name() == "main"
	}
	return ok
}

const (
	isReference = iota
	isPlain
	itemsPlain
	keysPlain
)

// every reports whether the answer is yes for all that is written to v.
func (f *flow) every(v *types.Var, what int, answer func(source) bool) bool {
	if v == nil || !f.followed(v) {
		return false
	}
	return f.answer(question{v, what}, func() bool {
		return !slices.ContainsFunc(f.writes[v], func(s source) bool { return !answer(s) })
	})
}

// answer answers a question, once. A question that comes up while it is being
// answered has no say in the answer.
func (f *flow) answer(q question, find func() bool) bool {
	if f.asking[q] {
		return true
	}
	if yes, ok := f.answered[q]; ok {
		return yes
	}
	f.asking[q] = true
	yes := find()
	delete(f.asking, q)
	if len(f.asking) == 0 {
		f.answered[q] = yes
	}
	return yes
}
