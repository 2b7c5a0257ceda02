package celenv

import (
	"strconv"
	"strings"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"

	"github.com/tekwright/tekwright/internal/memo"
)

// Reading is what an expression reads of an event.
type Reading struct {
	// Paths are the paths that the value depends on, such as body.sender.login. A
	// header has the path header.NAME in lower case. Those that are only compared with
	// values that they must not have are left out.
	Paths []string
	// Values are the strings that paths are compared with, by path. They are those
	// that the path may have.
	Values map[string][]string
	// Tested are the paths of which has tests whether they exist.
	Tested []string
	// Never reports whether the value is always false.
	Never bool
	// Texts are the paths whose text is part of the value: body.title in
	// "'x-' + body.title.trim()". A text of which little may be left, as by translate, is
	// left out.
	Texts []string
	// Entries are the Texts of the values in a map literal, by their path in it: .sha for
	// "{'sha': body.after}".
	Entries map[string][]string
}

// Read returns what an expression reads. An expression that cannot be parsed reads
// nothing. The caller must not modify the Reading.
func Read(expr string) Reading {
	return recentReads.Of(expr, func() (Reading, int) { return read(expr), 512 + 4*len(expr) })
}

// recentReads caches what the most recently read expressions read: several rules ask
// for the filter of a trigger, and many triggers have the same one.
var recentReads = memo.NewRecent[string, Reading](1 << 20)

func read(expr string) Reading {
	r := reader{
		out:  Reading{Values: map[string][]string{}},
		seen: map[string]bool{}, constants: map[int64]bool{},
	}
	root := parse(expr)
	if root == nil {
		return r.out
	}
	r.fold(root)
	if value, ok := r.constants[root.ID()]; ok {
		r.out.Never = !value
		return r.out
	}
	r.visit(root, false)
	r.texts(root)
	if root.Kind() == ast.MapKind {
		r.out.Entries = map[string][]string{}
		r.entries(root, "")
	}
	return r.out
}

type reader struct {
	out       Reading
	seen      map[string]bool
	constants map[int64]bool // the values of conditions that never change
}

// fold finds the conditions that never change: x || true. Errors in x do not change them
// either.
func (r *reader) fold(e ast.Expr) {
	if isBool(e) {
		r.constants[e.ID()] = e.AsLiteral() == types.True
		return
	}
	if e.Kind() != ast.CallKind {
		return
	}
	c := e.AsCall()
	var decides, isJunction bool
	switch c.FunctionName() {
	case operators.LogicalNot:
	case operators.LogicalOr:
		decides, isJunction = true, true
	case operators.LogicalAnd:
		isJunction = true
	default:
		return
	}
	known := 0
	for _, x := range c.Args() {
		r.fold(x)
		value, ok := r.constants[x.ID()]
		switch {
		case !ok:
		case !isJunction:
			r.constants[e.ID()] = !value
		case value == decides:
			r.constants[e.ID()] = value
			known = -len(c.Args())
		default:
			known++
		}
	}
	if isJunction && known == len(c.Args()) {
		r.constants[e.ID()] = !decides
	}
}

// toBool returns what a call compares with true or false; same reports whether the call
// is true if what it compares is.
func toBool(name string, args []ast.Expr) (x ast.Expr, same, ok bool) {
	if name != operators.Equals && name != operators.NotEquals || len(args) != 2 || !isBool(args[0]) && !isBool(args[1]) {
		return nil, false, false
	}
	x, value := args[0], args[1]
	if !isBool(value) {
		x, value = value, x
	}
	return x, (value.AsLiteral() == types.True) == (name == operators.Equals), true
}

// visit records what an expression reads; not reports whether the value of the whole
// is false if the expression is true.
func (r *reader) visit(e ast.Expr, not bool) {
	if _, ok := r.constants[e.ID()]; ok {
		return
	}
	if path, test, ok := eventPath(e); ok {
		switch {
		case not:
		case test:
			r.out.Tested = append(r.out.Tested, path)
		case !r.seen[path]:
			r.seen[path] = true
			r.out.Paths = append(r.out.Paths, path)
		}
		return
	}
	switch e.Kind() {
	case ast.CallKind:
		r.call(e.AsCall(), not)
	case ast.SelectKind:
		r.visit(e.AsSelect().Operand(), not)
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			r.visit(x, not)
		}
	case ast.MapKind:
		for _, x := range e.AsMap().Entries() {
			r.visit(x.AsMapEntry().Key(), not)
			r.visit(x.AsMapEntry().Value(), not)
		}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		r.visit(c.IterRange(), not)
		r.visit(c.LoopStep(), false)
	case ast.IdentKind, ast.LiteralKind, ast.StructKind, ast.UnspecifiedExprKind:
	}
}

func (r *reader) call(c ast.CallExpr, not bool) {
	args := c.Args()
	if x, same, ok := toBool(c.FunctionName(), args); ok {
		r.visit(x, not == same)
		return
	}
	switch name := c.FunctionName(); {
	case name == operators.LogicalNot && len(args) == 1:
		r.visit(args[0], !not)
		return
	case name == operators.NotEquals && len(args) == 2:
		not = !not
	case (name == operators.Equals || name == operators.In) && len(args) == 2 && !not:
		r.compare(args[0], args[1])
		r.compare(args[1], args[0])
	case name == "match" && c.IsMemberFunction() && len(args) == 2 && !not: // header.match('X-GitHub-Event', 'push')
		if header, ok := literal(args[0]); ok && c.Target().Kind() == ast.IdentKind && c.Target().AsIdent() == "header" {
			if value, ok := literal(args[1]); ok {
				path := "header." + strings.ToLower(header)
				r.out.Values[path] = append(r.out.Values[path], value)
			}
		}
	}
	if c.IsMemberFunction() {
		r.visit(c.Target(), not)
	}
	for _, x := range args {
		r.visit(x, not)
	}
}

func isBool(e ast.Expr) bool {
	return e.Kind() == ast.LiteralKind && e.AsLiteral().Type() == types.BoolType
}

// compare records the strings that a path is compared with.
func (r *reader) compare(with, to ast.Expr) {
	path, _, ok := eventPath(with)
	if !ok {
		return
	}
	all := []ast.Expr{to}
	if to.Kind() == ast.ListKind {
		all = to.AsList().Elements()
	}
	for _, x := range all {
		if value, isText := literal(x); isText {
			r.out.Values[path] = append(r.out.Values[path], value)
		}
	}
}

// entries records the texts of the values of a map literal.
func (r *reader) entries(e ast.Expr, path string) {
	for _, x := range e.AsMap().Entries() {
		name, ok := literal(x.AsMapEntry().Key())
		value := x.AsMapEntry().Value()
		switch at := path + "." + name; {
		case !ok:
		case value.Kind() == ast.MapKind:
			r.entries(value, at)
		default:
			whole := r.out.Texts
			r.out.Texts = nil
			r.texts(value)
			r.out.Entries[at], r.out.Texts = r.out.Texts, whole
		}
	}
}

// keeping are the functions whose result contains most of the text of their target.
var keeping = map[string]bool{"trim": true, "lowerAscii": true, "upperAscii": true, "replace": true, "split": true, "substring": true, "truncate": true}

// texts records the paths whose text is part of the value of an expression.
func (r *reader) texts(e ast.Expr) {
	if path, test, ok := eventPath(e); ok {
		if !test {
			r.out.Texts = append(r.out.Texts, path)
		}
		return
	}
	if e.Kind() != ast.CallKind {
		return
	}
	c := e.AsCall()
	args := c.Args()
	switch name := c.FunctionName(); {
	case c.IsMemberFunction() && keeping[name]:
		r.texts(c.Target())
	case c.IsMemberFunction() && name == "join" && c.Target().Kind() == ast.ListKind:
		for _, x := range c.Target().AsList().Elements() {
			r.texts(x)
		}
	case c.IsMemberFunction() && name == "format" && len(args) == 1 && args[0].Kind() == ast.ListKind:
		for _, x := range args[0].AsList().Elements() {
			r.texts(x)
		}
	case name == operators.Add && len(args) == 2:
		r.texts(args[0])
		r.texts(args[1])
	case name == operators.Conditional && len(args) == 3:
		r.texts(args[1])
		r.texts(args[2])
	case name == operators.Index && len(args) == 2:
		r.texts(args[0])
	case (name == "string" || name == "int" || name == "uint" || name == "double" || name == "dyn") && len(args) == 1:
		r.texts(args[0])
	}
}

// eventPath returns the path of an expression such as body.a['b'] or
// header.canonical('X-A'); test reports whether the expression only checks that it
// exists.
func eventPath(e ast.Expr) (path string, test, ok bool) {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		return name, false, name == "body" || name == "header" || name == "extensions"
	case ast.SelectKind:
		s := e.AsSelect()
		path, _, ok = eventPath(s.Operand())
		return path + "." + s.FieldName(), s.IsTestOnly(), ok
	case ast.CallKind:
		c := e.AsCall()
		args := c.Args()
		switch {
		case c.IsMemberFunction() && c.FunctionName() == "canonical" && len(args) == 1:
			name, isName := literal(args[0])
			return "header." + strings.ToLower(name), false, isName && c.Target().Kind() == ast.IdentKind && c.Target().AsIdent() == "header"
		case c.FunctionName() == operators.Index && len(args) == 2:
			path, _, ok = eventPath(args[0])
			if path == "header" {
				name, isName := literal(args[1])
				return "header." + strings.ToLower(name), false, ok && isName
			}
			if strings.HasPrefix(path, "header.") {
				return path, false, ok // header['X-A'][0]
			}
			name, isName := literal(args[1])
			if !isName && args[1].Kind() == ast.LiteralKind {
				if i, isInt := args[1].AsLiteral().(types.Int); isInt {
					return path + "[" + strconv.FormatInt(int64(i), 10) + "]", false, ok
				}
			}
			return path + "." + name, false, ok && isName
		}
	case ast.ComprehensionKind, ast.ListKind, ast.LiteralKind, ast.MapKind, ast.StructKind, ast.UnspecifiedExprKind:
	}
	return "", false, false
}
