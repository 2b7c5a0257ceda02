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

	"github.com/tekwright/tekwright/pkg/check"
)

// TestOthers holds the list of the codes that are no rules against what the
// sources say, and against what the builder's package comment lists.
func TestOthers(t *testing.T) {
	said := map[string]bool{} // every text of the sources
	for _, folder := range []string{".", "../builder", "../triggers", "../infra", "../manifest"} {
		paths, err := filepath.Glob(folder + "/*.go")
		require.NoError(t, err)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					text, err := strconv.Unquote(l.Value)
					require.NoError(t, err)
					said[text] = true
				}
				return true
			})
		}
		for code, where := range newCodes(t, folder).found {
			if folder != "." && regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`).MatchString(code) {
				assert.True(t, explained(code), "%s: %s is neither a rule nor in others.md", where, code)
			}
		}
	}
	topics := map[string]bool{}
	for i, o := range check.Others() {
		_, rule := check.RuleOf(o.Code)
		assert.False(t, rule, "%s is a rule", o.Code)
		assert.True(t, said[o.Code], "nothing reports %s", o.Code)
		assert.NotEmpty(t, o.Summary, o.Code)
		assert.True(t, o.Severity.IsValid(), o.Code)
		found, ok := check.OtherOf(o.Code)
		assert.True(t, ok)
		assert.Equal(t, o, found)
		topics[o.Topic] = true
		if i > 0 {
			assert.Less(t, check.Others()[i-1].Code, o.Code)
		}
	}
	assert.Len(t, topics, 5)
	_, ok := check.OtherOf("param-missing")
	assert.False(t, ok)

	doc, err := os.ReadFile("../builder/doc.go")
	require.NoError(t, err)
	_, list, _ := strings.Cut(string(doc), "the builder's own:")
	list, _, _ = strings.Cut(list, "\n// #")
	listed := regexp.MustCompile(`[a-z]+(-[a-z]+)+`).FindAllString(list, -1)
	assert.Greater(t, len(listed), 30)
	for _, code := range listed {
		assert.True(t, explained(code), "%s of pkg/builder is neither a rule nor in others.md", code)
	}
}

// explained reports whether a user can look the code up.
func explained(code string) bool {
	_, rule := check.RuleOf(code)
	_, other := check.OtherOf(code)
	return rule || other
}
