package celenv_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/celenv"
)

func TestExtensions(t *testing.T) {
	for expr, want := range map[string][]string{
		"extensions.a == 'x'":                               {"a"},
		"extensions['a'].b + extensions.c.d[0]":             {"a.b", "c.d"},
		"has(extensions.a) && extensions.a == 'x'":          nil,
		"'a' in extensions && extensions.a == extensions.b": {"b"},
		"has(extensions.a.b) && extensions.a.b":             nil,
		"extensions.a.matches('x') || body.extensions.b":    {"a"},
		"extensions.exists(k, k == 'a')":                    nil,
		"body.x == extensions[body.y]":                      nil,
		"extensions['a.b']":                                 {`a\.b`},
		"extensions.":                                       nil,
		"body.ref":                                          nil,
	} {
		assert.Equal(t, want, celenv.Extensions(expr), expr)
	}
}

func TestOverlay(t *testing.T) {
	for expr, want := range map[string]celenv.Quotes{
		"body.ref.split('/')": celenv.AllQuotes, "{'a': 1}": celenv.AllQuotes, "['a']": celenv.AllQuotes, "[string(body.n)]": celenv.AllQuotes,
		"body": celenv.AllQuotes, "header": celenv.AllQuotes, "requestURL.parseURL()": celenv.AllQuotes,
		"true ? ['a'] : ['b']": celenv.AllQuotes, "body.x ? ['a'] : []": celenv.MayQuotes,
		"extensions": celenv.MayQuotes, "body.ref.split('/', 0)": celenv.MayQuotes, "body.l.map(x, string(x))": celenv.MayQuotes,
		"body.s.parseJSON()": celenv.MayQuotes, "[body.x]": celenv.MayQuotes, "{}": celenv.MayQuotes, "[]": celenv.MayQuotes,
		"[1, 2]": celenv.NoQuotes, "[1.5]": celenv.NoQuotes, "[true]": celenv.NoQuotes,
		"body.x": celenv.NoQuotes, "1 + 1": celenv.NoQuotes, "'[\"a\"]'": celenv.NoQuotes,
	} {
		quotes, err := celenv.Overlay(expr)
		require.NoError(t, err)
		assert.Equal(t, want, quotes, expr)
	}
	_, err := celenv.Overlay("duration('1h')")
	assert.Error(t, err)
}

func TestProblem(t *testing.T) {
	for expr, want := range map[string]string{
		"body.ref == 'x' && heder.a": "heder", "a == a": "a", "body.x &&\n  nope(1)": "(", "x.y": "x", "body.ref == ": "", "é == 'x'": "é",
	} {
		var p *celenv.Problem
		err := celenv.Filter(expr)
		if !errors.As(err, &p) {
			assert.Empty(t, want, "%s: %v", expr, err)
			continue
		}
		assert.Equal(t, want, p.Word(expr), "%s: %v", expr, err)
	}
}
