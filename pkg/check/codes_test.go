package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
)

// unruled are the codes that are no rules: a rule that crashed.
var unruled = []string{"internal"}

// TestCodes shows that every code that the sources report has its file, and
// that every file belongs to a code that is reported.
func TestCodes(t *testing.T) {
	own := newCodes(t, ".")
	require.Greater(t, len(own.found), 50, "the sources are not understood any more")
	for code, where := range own.found {
		if _, ok := check.RuleOf(code); !ok && !slices.Contains(unruled, code) {
			t.Errorf("%s: rules/%s.md is missing", where, code)
		}
	}
	reader := newCodes(t, "../manifest") // reports what is wrong with a text
	for _, r := range check.Rules() {
		assert.True(t, own.found[r.Code] != "" || reader.found[r.Code] != "", "nothing reports %s", r.Code)
	}
}

// codes are those that the functions of a package report.
type codes struct {
	t      *testing.T
	folder string
	files  *token.FileSet
	funcs  []*ast.FuncDecl
	found  map[string]string // where each is reported
}

func newCodes(t *testing.T, folder string) *codes {
	t.Helper()
	c := &codes{t: t, folder: folder, files: token.NewFileSet(), found: map[string]string{}}
	paths, err := filepath.Glob(folder + "/*.go")
	require.NoError(t, err)
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(c.files, path, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				c.funcs = append(c.funcs, f)
			}
		}
	}
	for _, f := range c.funcs {
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				for _, g := range c.funcs {
					if i := param(g, "code"); g.Name.Name == callee(n) && i >= 0 && len(n.Args) > i {
						c.code(f, n.Args[i])
					}
				}
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Code" {
					c.code(f, n.Value)
				}
			}
			return true
		})
	}
	return c
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// param is the index of the parameter of that name; -1 if there is none.
func param(f *ast.FuncDecl, name string) int {
	i := 0
	for _, p := range f.Type.Params.List {
		for _, n := range p.Names {
			if n.Name == name {
				return i
			}
			i++
		}
	}
	return -1
}

// code notes the codes that an expression in f may be.
func (c *codes) code(f *ast.FuncDecl, e ast.Expr) {
	for _, code := range c.values(f, e) {
		if code != "" {
			c.found[code] = c.files.Position(e.Pos()).String()
		}
	}
}

// values are the strings that an expression in f may be: a literal, what is
// assigned to a local name, what callers pass, or these joined.
func (c *codes) values(f *ast.FuncDecl, e ast.Expr) []string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		require.NoError(c.t, err)
		return []string{s}
	case *ast.BinaryExpr:
		var out []string
		for _, left := range c.values(f, e.X) {
			for _, right := range c.values(f, e.Y) {
				out = append(out, left+right)
			}
		}
		return out
	case *ast.SelectorExpr:
		return nil // the Code of a rule of one's own
	case *ast.Ident:
		if i := param(f, e.Name); i >= 0 {
			if e.Name == "code" {
				return nil // noted where it is passed
			}
			return c.passed(f, i)
		}
		return c.assigned(f, e.Name)
	}
	assert.NotEqual(c.t, ".", c.folder, "%s: what code is this?", c.files.Position(e.Pos()))
	return nil
}

// passed are the strings that callers pass to f.
func (c *codes) passed(f *ast.FuncDecl, i int) []string {
	var out []string
	for _, g := range c.funcs {
		ast.Inspect(g.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && callee(call) == f.Name.Name && len(call.Args) > i {
				out = append(out, c.values(g, call.Args[i])...)
			}
			return true
		})
	}
	return out
}

// assigned are the strings that a local name of f is given.
func (c *codes) assigned(f *ast.FuncDecl, name string) []string {
	var out []string
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
			for i, left := range a.Lhs {
				if id, ok := left.(*ast.Ident); ok && id.Name == name {
					out = append(out, c.values(f, a.Rhs[i])...)
				}
			}
		}
		return true
	})
	return out
}
