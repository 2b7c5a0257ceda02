package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/pkg/check"
)

var code = regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)

// TestOthers compares the list of codes that are not rules with the codes
// in the sources, and with those in the package comment of the builder.
func TestOthers(t *testing.T) {
	said, reported := map[string]bool{}, map[string]string{}
	for _, folder := range []string{"../builder", "../triggers", "../pac", "../infra", "../manifest", "../config", "../../internal/callsite", "../../internal/cli"} {
		literals(t, folder, func(where, text string, isCode bool) {
			said[text] = true
			if isCode && code.MatchString(text) {
				reported[text] = where
			}
		})
	}
	literals(t, "../rule", func(_, text string, _ bool) { said[text] = true })
	require.Greater(t, len(reported), 50, "the sources are not understood any more")
	for text, where := range reported {
		assert.True(t, explained(text), "%s: %s is neither a rule nor in othercodes.md", where, text)
	}
	topics := map[string]bool{}
	for i, o := range check.OtherCodes() {
		assert.Nil(t, rules.Lookup(o.Code), "%s is a rule", o.Code)
		assert.True(t, said[o.Code], "nothing reports %s", o.Code)
		assert.NotEmpty(t, o.Doc().Summary, o.Code)
		assert.True(t, o.Severity.IsValid(), o.Code)
		found, ok := check.Lookup(o.Code)
		assert.True(t, ok)
		assert.Same(t, o, found)
		topics[o.Topic] = true
		if i > 0 {
			assert.Less(t, check.OtherCodes()[i-1].Code, o.Code)
		}
	}
	assert.Len(t, topics, 6)

	doc, err := os.ReadFile("../builder/doc.go")
	require.NoError(t, err)
	_, list, _ := strings.Cut(string(doc), "the builder's own:")
	list, _, _ = strings.Cut(list, "\n// #")
	listed := regexp.MustCompile(`[a-z]+(-[a-z]+)+`).FindAllString(list, -1)
	assert.Greater(t, len(listed), 30)
	for _, text := range listed {
		assert.True(t, explained(text), "%s of pkg/builder is neither a rule nor in othercodes.md", text)
	}
}

// literals calls visit for every string literal in the sources of a folder. The
// argument isCode reports whether it is the code of a finding: the value of a field
// Code, or an argument of a function that creates a finding.
func literals(t *testing.T, folder string, visit func(where, text string, isCode bool)) {
	t.Helper()
	paths, err := filepath.Glob(folder + "/*.go")
	require.NoError(t, err)
	files := token.NewFileSet()
	parsed := map[string]*ast.File{}
	coded := map[string]int{} // functions with a parameter code, and which it is
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		require.NoError(t, err)
		parsed[path] = file
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if i := parameter(f, "code"); i >= 0 {
					coded[f.Name.Name] = i
				}
			}
		}
	}
	for _, file := range parsed {
		codes := map[ast.Expr]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Code" {
					codes[n.Value] = true
				}
			case *ast.CallExpr:
				if i, ok := coded[callee(n)]; ok && i < len(n.Args) {
					codes[n.Args[i]] = true
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING {
					text, err := strconv.Unquote(n.Value)
					require.NoError(t, err)
					visit(files.Position(n.Pos()).String(), text, codes[n])
				}
			}
			return true
		})
	}
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

// parameter returns the index of the parameter with the given name, or -1.
func parameter(f *ast.FuncDecl, name string) int {
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

// explained reports whether a user can look the code up.
func explained(code string) bool {
	_, ok := check.Lookup(code)
	return ok
}
