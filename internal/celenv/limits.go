package celenv

import (
	"errors"
	"regexp/syntax"
	"strconv"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
)

// cel-go limits the length and the depth of an expression, but types grow faster:
// in [1].map(a, {a: a}).map(b, {b: b}) the type doubles with each step, and with
// thirty steps checking takes days, in the interceptor, too. These limits are far
// above what anyone writes. So are those of calls and regular expressions, with
// which compiling takes some hundredths of a second.
const (
	maxNesting = 32      // of lists, maps and macros over them
	maxKeyed   = 4       // entries of maps whose key may be of any type
	maxCalls   = 500     // calls and comparisons in a part that is not of && and ||
	maxRegexp  = 100_000 // instructions of all literal regular expressions
	partCalls  = 50      // calls of a part that is checked at once
)

// growth measures how much the type of an expression can grow.
type growth struct{ nesting, keyed, regexp int }

// withinLimits returns an error if the types in an expression may grow too large.
func withinLimits(root ast.Expr) error {
	var g growth
	g.visit(root, 0)
	switch {
	case g.nesting > maxNesting:
		return errors.New("lists, maps and macros are nested more than " + strconv.Itoa(maxNesting) + " deep")
	case g.keyed > maxKeyed:
		return errors.New("more than " + strconv.Itoa(maxKeyed) + " map keys are neither literals nor paths of the event")
	case g.regexp > maxRegexp:
		return errors.New("the regular expressions have more than " + strconv.Itoa(maxRegexp) + " instructions; repeat fewer times")
	}
	parts, _ := partsOf(root)
	for _, part := range parts {
		if calls(part) > maxCalls {
			return errors.New("more than " + strconv.Itoa(maxCalls) + " calls and comparisons are not separated by && or ||")
		}
	}
	return nil
}

// partsOf returns expressions that && and || combine to the given one, each with as
// many calls as may be checked at once, if it is not a single operand. It also returns
// the number of calls.
func partsOf(e ast.Expr) (parts []ast.Expr, n int) {
	if !isLogic(e) {
		return []ast.Expr{e}, calls(e)
	}
	for _, operand := range e.AsCall().Args() {
		some, more := partsOf(operand)
		parts, n = append(parts, some...), n+more
	}
	if n <= partCalls {
		return []ast.Expr{e}, n
	}
	return parts, n
}

// isLogic reports whether an expression is a conjunction or disjunction.
func isLogic(e ast.Expr) bool {
	return e.Kind() == ast.CallKind && (e.AsCall().FunctionName() == operators.LogicalAnd || e.AsCall().FunctionName() == operators.LogicalOr)
}

// calls counts the calls in an expression.
func calls(e ast.Expr) int {
	n := 0
	if e.Kind() == ast.CallKind {
		n++
	}
	var g growth
	for _, x := range g.parts(e) {
		n += calls(x)
	}
	return n
}

// size returns the number of instructions of a regular expression, as far as it has
// been counted when it exceeds the limit.
func size(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		if n += size(sub); n > maxRegexp {
			return n
		}
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return min(n, maxRegexp+1)
}

func (g *growth) visit(e ast.Expr, depth int) {
	switch e.Kind() {
	case ast.ListKind, ast.MapKind, ast.ComprehensionKind:
		depth++
		g.nesting = max(g.nesting, depth)
	case ast.CallKind:
		if pattern, ok := patternOf(e); ok {
			if re, err := syntax.Parse(pattern, syntax.Perl); err == nil {
				g.regexp += size(re)
			}
		}
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
