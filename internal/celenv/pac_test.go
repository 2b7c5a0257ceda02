package celenv

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTemplate evaluates expressions in templates of Pipelines-as-Code. test/pac holds
// their values against those of Pipelines-as-Code.
func TestTemplate(t *testing.T) {
	d := Data{
		Body: map[string]any{"title": "a", "n": 7.0, "labels": []any{"x", "y"}}, Headers: map[string]string{"Accept": "*/*"},
		Pac: map[string]string{"revision": "abc", "who": "me"}, Files: map[string]any{"all": []string{"a.go"}},
	}
	for expr, want := range map[string]string{
		"body.title": "a", "body.n": "7", "body.labels": `["x","y"]`, "headers.Accept": "*/*", "pac.who": "me", "revision": "abc", "event": "",
		"files.all.exists(f, f.endsWith('.go'))": "true", "{'a': 1}": `{"a":1}`, "'a,b'.split(',')[1]": "b", "b'x'": `"eA=="`, "1.5": "1.5",
	} {
		r, err := EvalTemplate(expr, d)
		require.NoError(t, err, expr)
		assert.Equal(t, want, r.Text(), expr)
	}
	for _, expr := range []string{"", "(", "who", "'a'.pathChanged()", "body.none", "1 / 0", "pac.none", "[1].map(a, " + strings.Repeat("[a].map(a, ", 40) + "a" + strings.Repeat(")", 41)} {
		_, err := EvalTemplate(expr, d)
		assert.Error(t, err, expr)
	}
	r, err := EvalTemplate("1 == 1", Data{})
	require.NoError(t, err)
	value, ok := r.Bool()
	assert.True(t, value && ok)
	r, err = EvalTemplate("'true'", Data{})
	require.NoError(t, err)
	_, ok = r.Bool()
	assert.False(t, ok)
}

func TestRequiresPattern(t *testing.T) {
	never := func(pattern string) bool { return pattern == "/x" }
	for expr, want := range map[string]bool{
		`"/x".pathChanged()`:                                            true,
		`event == "push" && "/x".pathChanged()`:                         true,
		`event == "push" && ("/x".pathChanged() || "/x".pathChanged())`: true,
		`"a".pathChanged() || "/x".pathChanged()`:                       false,
		`event == "push" || "/x".pathChanged()`:                         false,
		`!"/x".pathChanged()`:                                           false,
		`"a".pathChanged() && event == "push"`:                          false,
		`event == "push" ? "/x".pathChanged() : true`:                   false,
		`("/x" + "y").pathChanged()`:                                    false,
	} {
		m, err := Matcher(expr)
		require.NoError(t, err)
		assert.Equal(t, want, m.RequiresPattern(never), expr)
	}
}

func TestKeys(t *testing.T) {
	m, err := Matcher(`headers["A"] == "b" && headers.c == "d" && has(headers.e) && "f" in headers && body.headers.g == 1 && headers["A"] != headers[event]`)
	require.NoError(t, err)
	assert.Equal(t, []string{"A", "c"}, m.Keys("headers"))
}
