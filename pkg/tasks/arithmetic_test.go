package tasks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"mvdan.cc/sh/v3/syntax" //nolint:depguard // every part of the syntax is looked at
)

// number matches what cannot be more than a number: a number, the number of arguments or
// characters, or what is computed from these or printed by wc.
var number = regexp.MustCompile(`^([0-9]+|\$#|\$\{#\w+\}|\$\(\(.*\)\)|\$\([^()]*\bwc -[cl]( <"[^"]*")?\)|\$\?)$`)

// TestArithmetic: a shell evaluates the text of a variable in arithmetic: names in it, and
// with some shells commands. So only numbers are computed with, which the script has itself
// assigned.
func TestArithmetic(t *testing.T) {
	files, err := filepath.Glob("scripts/*.sh")
	require.NoError(t, err)
	computed := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		script, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(joined(string(b))), file)
		require.NoError(t, err)
		assigned, read := map[string][]string{}, map[string]bool{}
		syntax.Walk(script, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Assign:
				if n.Name != nil && n.Value != nil {
					assigned[n.Name.Value] = append(assigned[n.Name.Value], text(n.Value))
				}
			case *syntax.CallExpr:
				if len(n.Args) > 0 && n.Args[0].Lit() == "read" {
					for _, arg := range n.Args[1:] {
						read[arg.Lit()] = true
					}
				}
			case *syntax.ForClause:
				if loop, ok := n.Loop.(*syntax.WordIter); ok {
					read[loop.Name.Value] = true
				}
			}
			return true
		})
		syntax.Walk(script, func(n syntax.Node) bool {
			exp, ok := n.(*syntax.ArithmExp)
			if !ok {
				return true
			}
			computed++
			syntax.Walk(exp.X, func(n syntax.Node) bool {
				word, ok := n.(*syntax.Word)
				if !ok {
					return true
				}
				if name := word.Lit(); regexp.MustCompile(`^[A-Za-z_]\w*$`).MatchString(name) {
					assert.NotEmpty(t, assigned[name], "%s: %s is computed with, but comes from elsewhere", file, name)
					assert.False(t, read[name], "%s: %s is computed with, but comes from a text", file, name)
					for _, value := range assigned[name] {
						assert.Regexp(t, number, value, "%s: %s is computed with", file, name)
					}
					return false
				}
				assert.Regexp(t, number, text(word), "%s", file)
				return false
			})
			return true
		})
	}
	assert.Greater(t, computed, 20)
}

// text returns a node as it is printed.
func text(n syntax.Node) string {
	var b strings.Builder
	_ = syntax.NewPrinter().Print(&b, n)
	return b.String()
}
