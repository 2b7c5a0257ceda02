package builder_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocComments tests that no doc comment of package builder and of the catalogue
// writes a variable of Tekton: there is a handle for what it could advise.
func TestDocComments(t *testing.T) {
	seen := 0
	for _, folder := range []string{".", "../tasks"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			parsed, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
			require.NoError(t, err)
			look := func(docs ...*ast.CommentGroup) {
				for _, doc := range docs {
					if doc != nil {
						seen++
						assert.NotContains(t, doc.Text(), "$(", "%s", fset.Position(doc.Pos()))
					}
				}
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.File:
					look(n.Doc)
				case *ast.FuncDecl:
					if n.Name.IsExported() {
						look(n.Doc)
					}
					return false
				case *ast.GenDecl:
					look(n.Doc)
				case *ast.TypeSpec:
					look(n.Doc, n.Comment)
				case *ast.ValueSpec:
					look(n.Doc, n.Comment)
				case *ast.Field:
					look(n.Doc, n.Comment)
				}
				return true
			})
		}
	}
	assert.Greater(t, seen, 400)
}
