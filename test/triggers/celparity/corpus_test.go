package celparity

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// source is the folder of a module's source.
func source(t testing.TB, module string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// files calls f with all files below a folder whose name ends so.
func files(t testing.TB, folder, suffix string, f func(path string, text []byte)) {
	t.Helper()
	n := 0
	require.NoError(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) {
			return err
		}
		text, err := os.ReadFile(path)
		n++
		f(path, text)
		return err
	}))
	require.NotZero(t, n, "%s has no %s", folder, suffix)
}

// inExamples are the expressions of upstream's examples.
func inExamples(t testing.TB) []string {
	var all []string
	files(t, filepath.Join(source(t, "github.com/tektoncd/triggers"), "examples"), ".yaml", func(_ string, text []byte) {
		for doc := range strings.SplitSeq(string(text), "\n---") {
			var o any
			if yaml.Unmarshal([]byte(doc), &o) == nil {
				all = append(all, expressions(o)...)
			}
		}
	})
	return all
}

// expressions are the filters and overlays below a YAML value.
func expressions(v any) []string {
	var all []string
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			all = append(all, expressions(x)...)
		}
	case map[string]any:
		if s, ok := v["expression"].(string); ok {
			all = append(all, s)
		}
		if s, ok := v["value"].(string); ok && v["name"] == "filter" {
			all = append(all, s)
		}
		for _, x := range v {
			all = append(all, expressions(x)...)
		}
	}
	return all
}

// inDocs are what upstream's documentation gives as expressions.
func inDocs(t testing.TB) []string {
	quoted := regexp.MustCompile("(?m)(?:filter|expression|value): *[\"']?(.*?)[\"']?$|<pre>(.*?)</pre>|`([^`\n]+)`")
	var all []string
	files(t, filepath.Join(source(t, "github.com/tektoncd/triggers"), "docs"), ".md", func(_ string, text []byte) {
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			all = append(all, m[1]+m[2]+m[3])
		}
	})
	return all
}

// inTests are all strings in upstream's own tests of the interceptor, the
// libraries, the parser and the checker: most are expressions, right and wrong.
func inTests(t testing.TB) []string {
	var all []string
	for _, folder := range []string{
		filepath.Join(source(t, "github.com/tektoncd/triggers"), "pkg/interceptors/cel"),
		filepath.Join(source(t, "github.com/google/cel-go"), "ext"),
		filepath.Join(source(t, "github.com/google/cel-go"), "checker"),
		filepath.Join(source(t, "github.com/google/cel-go"), "parser"),
	} {
		files(t, folder, "_test.go", func(path string, text []byte) {
			file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, err := strconv.Unquote(lit.Value); err == nil && len(s) < 5000 {
						all = append(all, s)
					}
				}
				return true
			})
		})
	}
	return all
}
