package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/plan"
)

// TestWidth tests that lines are not too long where they can be split, and not split where they
// are short.
func TestWidth(t *testing.T) {
	long := strings.Repeat("word ", 60)
	v := &plan.Var{Name: "task"}
	file := plan.File{Package: "ci", Funcs: []*plan.Func{{
		Name: "P", Says: "describes it", Result: "*builder.Pipeline", Returns: v,
		Body: []plan.Stmt{
			{Var: v, Expr: plan.Fn("NewPipeline", plan.Text("p"))},
			{Var: &plan.Var{Name: "image"}, Expr: plan.Method(v, "Param", plan.Text("image"), plan.Fn("Describe", plan.Text(long)), plan.Fn("Default", plan.Text("registry.local/image:1")))},
			{Expr: plan.Method(plan.Method(plan.Method(v, "Label", plan.Text("a"), plan.Text("b")), "Label", plan.Text("c"), plan.Text("d")), "Annotate", plan.Text("e"), plan.Text(long[:99]))},
			{Expr: plan.Method(v, "Describe", plan.Text(strings.Repeat("x", 200)))}, // no break is possible
		},
	}}}
	text, _, err := file.Print()
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		width := len(strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\t", "    "))
		assert.True(t, width <= 120 || strings.Contains(line, "xxxxx"), "%d: %s", width, line)
	}
	assert.Contains(t, string(text), "\ttask.Label(\"a\", \"b\").Label(\"c\", \"d\").\n")
}
