package vet

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// binary reports the comparison of a handle with anything but an empty value.
func (c *reporter) binary(n *ast.BinaryExpr) {
	if !isComparison(n.Op) || !c.compares(n.X, n.Y) {
		return
	}
	c.report(n, compare, types.ExprString(n)+" compares "+notTheValue(c.handleOf(n.X, n.Y))+c.instead(n.X, n.Y, n.Op))
}

// switches reports a switch over a handle, once.
func (c *reporter) switches(n *ast.SwitchStmt) {
	if n.Tag == nil {
		return // its cases are comparisons, or booleans
	}
	for _, clause := range n.Body.List {
		for _, e := range clause.(*ast.CaseClause).List {
			if c.compares(n.Tag, e) {
				c.report(e, compare, "switch "+types.ExprString(n.Tag)+" compares "+
					notTheValue(c.handleOf(n.Tag, e))+c.instead(n.Tag, e, token.EQL))
				return
			}
		}
	}
}

// compares reports whether x == y is about the values that x and y have in a run.
func (c *reporter) compares(x, y ast.Expr) bool {
	return !c.isEmpty(x) && !c.isEmpty(y) && (c.isHandle(x) || c.isHandle(y))
}

// isHandle reports whether e may hold a variable.
func (c *reporter) isHandle(e ast.Expr) bool {
	return isOpaque(c.TypesInfo.TypeOf(e)) || c.flow.reference(e)
}

// handleOf returns the first of the expressions that may hold a reference.
func (c *reporter) handleOf(list ...ast.Expr) ast.Expr {
	for _, e := range list {
		if c.isHandle(e) {
			return e
		}
	}
	return list[0]
}

// isEmpty reports whether a comparison with e is not about a value in a run: e is
// the zero value or builder.Empty, or a variable that the library names, such as
// builder.RunName.
func (c *reporter) isEmpty(e ast.Expr) bool {
	e = ast.Unparen(e)
	tv := c.TypesInfo.Types[e]
	if tv.IsNil() {
		return true
	}
	if lit, ok := e.(*ast.CompositeLit); ok {
		return len(lit.Elts) == 0
	}
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return false
	}
	if constant.StringVal(tv.Value) == "" {
		return true
	}
	for {
		call, ok := e.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			break
		}
		e = ast.Unparen(call.Args[0])
	}
	var id *ast.Ident
	switch x := e.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return false
	}
	obj := c.TypesInfo.Uses[id]
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	return strings.HasPrefix(obj.Pkg().Path(), library+"/") && isText(obj.Type())
}

// instead says what to do instead of comparing x with y.
func (c *reporter) instead(x, y ast.Expr, op token.Token) string {
	method := "In"
	switch op {
	case token.EQL:
	case token.NEQ:
		method = "NotIn"
	default:
		return inAStep
	}
	if !c.isHandle(x) {
		x, y = y, x
	}
	condition := show(x) + "." + method + "(" + show(y) + ")"
	if len(condition) > 60 {
		condition = method
	}
	switch builderType(c.TypesInfo.TypeOf(x)) {
	case "String":
		return "; use When with " + condition
	case "TaskString":
		return "; use Step.When with " + condition
	case "Status", "Reason":
		return "; use When with its In method in a finally task"
	case "Workspace":
		return "; use IsSet to find out whether it was given"
	case "":
		return "; use When with " + method
	}
	return inAStep
}

// index reports a handle as the key of a map, and an index into its text.
func (c *reporter) index(n *ast.IndexExpr) {
	t := c.TypesInfo.TypeOf(n.X)
	if t == nil || c.TypesInfo.Types[n.X].IsType() {
		return
	}
	if _, ok := t.Underlying().(*types.Map); ok {
		if c.isHandle(n.Index) {
			c.report(n.Index, compare, "the map key "+show(n.Index)+" is "+notTheValue(n.Index)+
				"; use a key that the program itself sets")
		}
		return
	}
	if c.flow.reference(n.X) {
		c.report(n, lookInside, types.ExprString(n)+" is a byte of "+notTheValue(n.X)+inAStep)
	}
}

// mapLiteral reports handles as the keys of a map.
func (c *reporter) mapLiteral(n *ast.CompositeLit) {
	t := c.TypesInfo.TypeOf(n)
	if t == nil {
		return
	}
	if _, ok := t.Underlying().(*types.Map); !ok {
		return
	}
	for _, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && c.isHandle(kv.Key) {
			c.report(kv.Key, compare, "the map key "+show(kv.Key)+" is "+notTheValue(kv.Key)+
				"; use a key that the program itself sets")
		}
	}
}

// slice reports a part of a handle.
func (c *reporter) slice(n *ast.SliceExpr) {
	if n.Low == nil && n.High == nil || !c.flow.reference(n.X) {
		return
	}
	c.report(n, lookInside, types.ExprString(n)+" cuts "+notTheValue(n.X)+inAStep)
}

// ranges reports a loop over the characters of a handle.
func (c *reporter) ranges(n *ast.RangeStmt) {
	if c.flow.reference(n.X) {
		c.report(n.X, lookInside, "range "+types.ExprString(n.X)+" reads the characters of "+notTheValue(n.X)+inAStep)
	}
}
