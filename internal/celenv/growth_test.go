package celenv_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/growth"
)

// TestGrowth tests that compiling the expressions of Pipelines-as-Code takes no longer for
// each condition if there are many: the checker copies what it knows for each.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles long expressions")
	}
	for name, compile := range map[string]func(string) error{
		"on-cel-expression": func(expr string) error { _, err := celenv.Matcher(expr); return err },
		"template":          celenv.Template,
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 50, func(n int) (work func()) {
				var b strings.Builder
				for i := range n {
					fmt.Fprintf(&b, "target_branch == 'b%d' || ", i)
				}
				return func() { require.NoError(t, compile(b.String()+"false")) }
			})
		})
	}
}

// TestLongMatchers tests that an expression that is checked in parts has the same type, errors
// with the same positions, the same conditions and the same value as a short one.
func TestLongMatchers(t *testing.T) {
	long := strings.Repeat("event == 'a' || ", 200)
	for expr, want := range map[string]string{
		long + "false":                   "",
		long + "none == 'a'":             "undeclared reference to 'none' at column 3201",
		long + "1":                       "expected type 'bool' but found 'int' at column 3201",
		long + "int('x') == 1 || body.a": "",
	} {
		m, err := celenv.Matcher(expr)
		if want != "" {
			assert.ErrorContains(t, err, want)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, "bool", m.Type)
		assert.True(t, m.Mentions("event"))
		matches, _, err := m.Eval(map[string]any{"event": "a"}, nil)
		assert.NoError(t, err)
		assert.True(t, matches)
	}
	m, err := celenv.Matcher(strings.Repeat("event == 'a' && ", 200) + "[1, 2].exists(x, x == 1)")
	require.NoError(t, err)
	parts := m.Conjuncts()
	require.Len(t, parts, 201)
	assert.Equal(t, "[1, 2].exists(x, x == 1)", parts[200])
}
