package celenv

import (
	"errors"
	"strconv"

	"github.com/google/cel-go/common/ast"
)

// cel-go limits the length and the depth of an expression, but types grow faster:
// in [1].map(a, {a: a}).map(b, {b: b}) the type doubles with each step, and with
// thirty steps checking takes days, in the interceptor, too. These limits are far
// above what anyone writes.
const (
	maxNesting = 32 // of lists, maps and macros over them
	maxKeyed   = 4  // entries of maps whose key may be of any type
)

// growth measures how much the type of an expression can grow.
type growth struct{ nesting, keyed int }

// withinLimits returns an error if the types in an expression may grow too large.
func withinLimits(root ast.Expr) error {
	var g growth
	g.visit(root, 0)
	switch {
	case g.nesting > maxNesting:
		return errors.New("lists, maps and macros are nested more than " + strconv.Itoa(maxNesting) + " deep")
	case g.keyed > maxKeyed:
		return errors.New("more than " + strconv.Itoa(maxKeyed) + " map keys are neither literals nor paths of the event")
	}
	return nil
}

func (g *growth) visit(e ast.Expr, depth int) {
	switch e.Kind() {
	case ast.ListKind, ast.MapKind, ast.ComprehensionKind:
		depth++
		g.nesting = max(g.nesting, depth)
	}
	for _, x := range g.parts(e) {
		g.visit(x, depth)
	}
}

// parts returns the direct subexpressions.
func (g *growth) parts(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.CallKind:
		if c := e.AsCall(); c.IsMemberFunction() {
			return append([]ast.Expr{c.Target()}, c.Args()...)
		}
		return e.AsCall().Args()
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		return []ast.Expr{c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()}
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.MapKind:
		var all []ast.Expr
		for _, entry := range e.AsMap().Entries() {
			x := entry.AsMapEntry()
			if !plainKey(x.Key()) {
				g.keyed++
			}
			all = append(all, x.Key(), x.Value())
		}
		return all
	case ast.SelectKind:
		return []ast.Expr{e.AsSelect().Operand()}
	case ast.StructKind:
		var all []ast.Expr
		for _, f := range e.AsStruct().Fields() {
			all = append(all, f.AsStructField().Value())
		}
		return all
	}
	return nil
}

// plainKey reports whether a key is a literal or a path of the event, whose type
// cannot grow.
func plainKey(e ast.Expr) bool {
	for e.Kind() == ast.SelectKind {
		e = e.AsSelect().Operand()
	}
	if e.Kind() == ast.IdentKind {
		switch e.AsIdent() {
		case "body", "header", "extensions":
			return true
		}
	}
	return e.Kind() == ast.LiteralKind
}
