package tekwright_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocComments shows that every exported name says what it is for,
// and that every package does.
func TestDocComments(t *testing.T) {
	packages := map[string]bool{}
	sources(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		set, file := parse(t, path)
		folder := path[:strings.LastIndexByte(path, '/')]
		packages[folder] = packages[folder] || file.Doc != nil
		for _, n := range undocumented(file) {
			t.Errorf("%s: %s has no doc comment", set.Position(n.Pos()), n.Name)
		}
	}, "pkg", "internal", "cmd")
	for folder, documented := range packages {
		assert.True(t, documented, "package %s has no doc comment", folder)
	}
}

// undocumented returns the exported names of a file without a comment. In a
// group of constants or variables, and in the fields of a struct, a comment
// counts for the lines right below it.
func undocumented(file *ast.File) []*ast.Ident {
	var found []*ast.Ident
	missing := func(documented bool, names ...*ast.Ident) {
		for _, n := range names {
			if n.IsExported() && !documented {
				found = append(found, n)
			}
		}
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil || receiver(d).IsExported() {
				missing(d.Doc != nil, d.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					missing(d.Doc != nil && !d.Lparen.IsValid() || s.Doc != nil, s.Name)
				case *ast.ValueSpec:
					missing(d.Doc != nil || s.Doc != nil || s.Comment != nil, s.Names...)
				}
			}
		}
	}
	return found
}

// receiver is the name of the type that a method belongs to.
func receiver(d *ast.FuncDecl) *ast.Ident {
	e := d.Recv.List[0].Type
	for {
		switch t := e.(type) {
		case *ast.StarExpr:
			e = t.X
		case *ast.IndexExpr:
			e = t.X
		case *ast.IndexListExpr:
			e = t.X
		case *ast.Ident:
			return t
		default:
			return ast.NewIdent("_")
		}
	}
}

// TestUndocumented shows that TestDocComments can fail.
func TestUndocumented(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", `package x
func A() {}
// B has one.
func B() {}
func (t *T[K]) C() {}
func (t *hidden) D() {}
type E struct{}
// Group.
const (
	F = 1
)
var G = 1
var H = 1 // has one
`, parser.ParseComments)
	require.NoError(t, err)
	var got []string
	for _, n := range undocumented(file) {
		got = append(got, n.Name)
	}
	assert.Equal(t, []string{"A", "C", "E", "G"}, got)
}
