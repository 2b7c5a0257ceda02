package importer_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/compile"
)

// compiled asks the go command once.
var compiled = compile.New(".")

// checkHarmless checks that a file of Go compiles, and calls nothing but what it may call.
func checkHarmless(t *testing.T, text []byte) {
	t.Helper()
	require.NoError(t, compiled.Check(context.Background(), map[string][]byte{"x.go": text}), "%s", text)
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", text, parser.ParseComments)
	require.NoError(t, err)
	for _, i := range f.Imports {
		assert.True(t, i.Path.Value == `"embed"` || strings.HasPrefix(i.Path.Value, `"github.com/tekwright/tekwright/pkg/`), i.Path.Value)
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:") {
				assert.True(t, strings.HasPrefix(c.Text, "//go:embed testdata/bound/"), c.Text)
			}
			assert.False(t, strings.HasPrefix(c.Text, "/*"), c.Text)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			fun, ok := call.Fun.(*ast.SelectorExpr)
			require.True(t, ok, "%v", call.Fun)
			if on, ok := fun.X.(*ast.Ident); ok {
				assert.NotContains(t, []string{"os", "exec"}, on.Name)
			}
		}
		return true
	})
}
