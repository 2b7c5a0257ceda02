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

// expensive are expressions that are short, and whose evaluation has no bound of its own.
var expensive = map[string]string{
	"replace":         "'aaaaaaaaaa'" + strings.Repeat(".replace('a', 'aaaaaaaaaa')", 12),
	"replace nothing": "'aaaaaaaaaa'" + strings.Repeat(".replace('', 'aaaaaaaaaa')", 12),
	"join":            "[body.long]" + strings.Repeat(".map(a, [a, a, a, a, a, a, a, a, a, a].join(','))", 8) + "[0]",
	"format":          "[body.long]" + strings.Repeat(".map(a, '%s%s%s%s%s%s%s%s%s%s'.format([a, a, a, a, a, a, a, a, a, a]))", 8) + "[0]",
	"format a list":   "'%s'.format([[body.long]" + strings.Repeat(".map(a, [a, a, a, a, a, a, a, a, a, a])", 9) + "])",
	"lists":           "[[1]]" + strings.Repeat(".map(a, a + a + a)", 28),
	"in a list":       "[[1]]" + strings.Repeat(".map(a, a + a + a)", 28) + ".map(a, 2 in a)",
	"equal lists":     "[[1]]" + strings.Repeat(".map(a, a + a + a)", 28) + ".map(a, a == a)",
	"a range":         "lists.range(1000000000)",
	"split":           "body.long.split('').map(a, body.long.split('')).map(a, a.join(body.long))",
	"flatten":         "[[1]]" + strings.Repeat(".map(a, a + a + a)", 28) + ".flatten()",
	"distinct":        "lists.range(900000).distinct()",
	"indexOf":         "body.many.map(a, body.longest.indexOf(body.long + 'b'))",
	"a copied body":   "body.many.map(a, body)",
	"equal bodies":    "body.many.all(a, body.many.all(b, body == body))",
	"sizes":           "body.many.all(a, body.many.all(b, body.longest.size() > 1))",
	"nested loops":    "body.many.all(a, body.many.all(b, body.many.all(c, a == b || b == c || true)))",
	"empty loops":     "body.many.all(a, body.many.all(b, body.many.all(c, true)))",
	"maps":            "body.many.map(a, body.many.map(b, a))",
	"regexps":         "body.many.all(a, body.many.all(b, body.longest.matches(a) || true))",
	"JSON of a list":  "[body.long]" + strings.Repeat(".map(a, [a, a, a, a, a, a, a, a, a, a])", 9),
}

func payload() map[string]any {
	many := make([]any, 3000)
	for i := range many {
		many[i] = fmt.Sprintf("item %d", i)
	}
	return map[string]any{"long": strings.Repeat("a", 2000), "longest": strings.Repeat("a", 1<<20), "many": many}
}

// TestWork tests that no expression takes much time or memory, and that the limit is an
// error.
func TestWork(t *testing.T) {
	for name, expr := range expensive {
		var err error
		growth.Bounded(t, 400, name, func() {
			_, err = celenv.EvalTemplate(expr, celenv.Data{Body: payload()})
		})
		require.ErrorIs(t, err, celenv.ErrBudget, name)
	}
}

// TestWorkOfMatchers is the same for on-cel-expression, which has fewer functions.
func TestWorkOfMatchers(t *testing.T) {
	for _, name := range []string{"in a list", "equal lists", "equal bodies", "nested loops"} {
		m, err := celenv.Matcher(expensive[name])
		require.NoError(t, err, name)
		growth.Bounded(t, 400, name, func() {
			_, _, err = m.Eval(map[string]any{"body": payload()}, nil)
		})
		require.ErrorIs(t, err, celenv.ErrBudget, name)
	}
}

// TestWorkIsTheSame tests that calls that are guarded have the values of cel-go.
func TestWorkIsTheSame(t *testing.T) {
	for expr, want := range map[string]string{
		"'abab'.replace('a', 'x')": "xbxb", "'abab'.replace('a', 'x', 1)": "xbab", "'ab'.replace('', '-')": "-a-b-", "['a', 'b'].join('-')": "a-b", "['a', 'b'].join()": "ab",
		"'%s %d'.format(['a', 1])": "a 1", "'a,b'.split(',')": `["a","b"]`, "'a,b'.split(',', 1)": `["a,b"]`, "lists.range(3)": "[0,1,2]", "[[1], [2]].flatten()": "[1,2]",
		"[[[1]]].flatten(2)": "[1]", "[1, 1].distinct()": "[1]", "'abc'.indexOf('c')": "2", "'abcabc'.indexOf('c', 3)": "5", "'abc'.lastIndexOf('d')": "-1",
		"1 + 2": "3", "1.5 + 2.5": "4", "'a' + 'b'": "ab", "[1] + [2]": "[1,2]", "1 in [1, 2]": "true", "'a' in {'a': 1}": "true", "body.n in body.l": "true", "body.n + body.n": "14",
		"body.s + body.s": "xx", "body.l + body.l": "[7,7]", "body.n == 7": "true", "body.n != 7.5": "true", "body.s == 7": "false", "body.l == [7]": "true", "body == body": "true", "null == null": "true",
	} {
		r, err := celenv.EvalTemplate(expr, celenv.Data{Body: map[string]any{"n": 7.0, "s": "x", "l": []any{7.0}}})
		require.NoError(t, err, expr)
		assert.Equal(t, want, r.Text(), expr)
	}
	for expr, want := range map[string]string{
		"body.s + body.n": "no such overload", "body.m + body.m": "no such overload", "body.n in body.s": "no such overload", "body.l.join('-')": "no such overload", "body.none + 'a'": "no such key: none",
	} {
		_, err := celenv.EvalTemplate(expr, celenv.Data{Body: map[string]any{"n": 7.0, "s": "x", "m": map[string]any{}, "l": []any{7.0}}})
		assert.ErrorContains(t, err, want, expr)
	}
}

// TestBudget tests that many expressions share a budget.
func TestBudget(t *testing.T) {
	b := celenv.NewBudget(10_000)
	d := celenv.Data{Body: payload(), Budget: b}
	n := 0
	for ; n < 1000; n++ {
		if _, err := celenv.EvalTemplate("body.many.size() > 1", d); err != nil {
			require.ErrorIs(t, err, celenv.ErrBudget)
			break
		}
	}
	assert.Greater(t, n, 10)
	assert.Less(t, n, 200)
	assert.True(t, b.Exhausted())
	m, err := celenv.Matcher("true")
	require.NoError(t, err)
	_, _, err = m.Eval(map[string]any{}, b)
	require.ErrorIs(t, err, celenv.ErrBudget)
}
