package celenv

import (
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
)

// Quotes tells whether the JSON of a value has double quotes around its parts.
type Quotes int

// The values of Quotes. A string has none: its own are escaped.
const (
	NoQuotes  Quotes = iota // or the type of the value depends on the event
	MayQuotes               // it is a list or a map, which may be empty
	AllQuotes               // it is a list or a map that is never empty
)

// Overlay returns an error if an expression is not valid for an overlay: if it cannot
// be compiled, or if the interceptor cannot convert the type of its value to JSON. It
// also reports whether the JSON of the value contains quotes.
func Overlay(expr string) (quotes Quotes, err error) {
	t, err := compile(expr)
	if err != nil {
		return NoQuotes, err
	}
	switch t.Kind() {
	case types.ListKind:
		if elem := t.Parameters(); len(elem) == 1 {
			switch elem[0].Kind() {
			case types.BoolKind, types.IntKind, types.DoubleKind:
				return NoQuotes, nil
			}
		}
	case types.MapKind:
	default:
		return NoQuotes, Value(expr)
	}
	env, err := Env()
	if err != nil {
		return MayQuotes, nil
	}
	parsed, issues := env.Parse(expr)
	if issues != nil && issues.Err() != nil {
		return MayQuotes, nil
	}
	if isFilled(parsed.NativeRep().Expr()) {
		return AllQuotes, nil
	}
	return MayQuotes, nil
}

// isFilled reports whether the value of an expression is a list or a map with a quote in
// its JSON, whatever the event.
func isFilled(e ast.Expr) bool {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent() == "body" || e.AsIdent() == "header"
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			if _, ok := literal(x); ok || isText(x) || isFilled(x) {
				return true
			}
		}
	case ast.MapKind:
		return e.AsMap().Size() > 0
	case ast.CallKind:
		c := e.AsCall()
		switch c.FunctionName() {
		case "split":
			return c.IsMemberFunction() && len(c.Args()) == 1 // a limit of 0 gives an empty list
		case "parseURL":
			return c.IsMemberFunction()
		case operators.Conditional:
			return len(c.Args()) == 3 && isFilled(c.Args()[1]) && isFilled(c.Args()[2])
		}
	}
	return false
}

// isText reports whether an expression is a call of a function that returns a string.
func isText(e ast.Expr) bool {
	if e.Kind() != ast.CallKind {
		return false
	}
	switch e.AsCall().FunctionName() {
	case "string", "truncate", "lowerAscii", "upperAscii", "trim", "replace", "join", "canonical", "substring", "format", "translate", "marshalJSON":
		return true
	}
	return false
}

// Extensions returns the paths below extensions that an expression reads without
// testing that they exist, as has(extensions.x) does. The elements of a path are joined
// by dots; a dot in an element is written \. The paths are in the order of the text and without duplicates. Extensions
// returns nil for an expression that cannot be parsed.
func Extensions(expr string) []string {
	env, err := Env()
	if err != nil || !strings.Contains(expr, "extensions") {
		return nil
	}
	parsed, issues := env.Parse(expr)
	if issues != nil && issues.Err() != nil {
		return nil
	}
	u := extensionUses{tested: map[string]bool{}}
	u.visit(parsed)
	var out []string
	for _, path := range u.paths {
		name, _, _ := strings.Cut(path, ".")
		if !u.tested[name] && !u.tested[path] {
			u.tested[path] = true
			out = append(out, path)
		}
	}
	return out
}

// extensionUses contains the paths below extensions that an expression reads, and those
// whose existence it tests.
type extensionUses struct {
	paths  []string
	tested map[string]bool
}

func (u *extensionUses) visit(parsed *cel.Ast) {
	root := ast.NavigateAST(parsed.NativeRep())
	for _, e := range ast.MatchDescendants(root, func(ast.NavigableExpr) bool { return true }) {
		if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.In {
			if args := e.AsCall().Args(); len(args) == 2 && isExtensions(args[1]) {
				name, _ := literal(args[0])
				u.tested[name] = true
			}
		}
		path, test, ok := extensionPath(e)
		if !ok || path == "" {
			continue
		}
		if test {
			u.tested[path] = true
			continue
		}
		if parent, has := e.Parent(); has {
			if _, _, longer := extensionPath(parent); longer {
				continue // a part of a longer path
			}
		}
		u.paths = append(u.paths, path)
	}
}

// extensionPath returns the path in extensions.a.b or extensions['a'].b. The result
// test reports whether the expression only tests that the path exists.
func extensionPath(e ast.Expr) (path string, test, ok bool) {
	switch e.Kind() {
	case ast.IdentKind:
		return "", false, e.AsIdent() == "extensions"
	case ast.SelectKind:
		s := e.AsSelect()
		path, _, ok = extensionPath(s.Operand())
		return strings.TrimPrefix(path+"."+s.FieldName(), "."), s.IsTestOnly(), ok // a field has no dot
	case ast.CallKind:
		c := e.AsCall()
		if c.FunctionName() != operators.Index || len(c.Args()) != 2 {
			return "", false, false
		}
		name, isName := literal(c.Args()[1])
		path, _, ok = extensionPath(c.Args()[0])
		return strings.TrimPrefix(path+"."+strings.ReplaceAll(name, ".", `\.`), "."), false, ok && isName
	}
	return "", false, false
}

func isExtensions(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == "extensions" }

func literal(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}
