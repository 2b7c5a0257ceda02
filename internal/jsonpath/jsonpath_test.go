package jsonpath

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParse(t *testing.T) {
	for expr, want := range map[string]Path{
		"body.ref":                    {Fields: []string{"body", "ref"}, Whole: true},
		"{.body.ref}":                 {Fields: []string{"body", "ref"}, Whole: true},
		".header.X-GitHub-Event":      {Fields: []string{"header", "X-GitHub-Event"}, Whole: true},
		"body['a.b']":                 {Fields: []string{"body", "a", "b"}, Whole: true},
		`body.a\.b`:                   {Fields: []string{"body", "a.b"}, Whole: true},
		"body.commits[0].id":          {Fields: []string{"body", "commits"}},
		"body.commits[-1:].id":        {Fields: []string{"body", "commits"}, Many: true},
		"body.commits[*].id":          {Fields: []string{"body", "commits"}, Many: true},
		"body.commits[].id":           {Fields: []string{"body", "commits"}},
		"body.commits['a','b']":       {Fields: []string{"body", "commits"}, Many: true},
		"body.commits 'x' 1 true":     {Fields: []string{"body", "commits"}},
		"body.*":                      {Fields: []string{"body"}, Many: true},
		"body..id":                    {Fields: []string{"body"}, Many: true},
		"body.c[?(@.id==\"x\")].name": {Fields: []string{"body", "c"}, Many: true},
		"body.":                       {Fields: []string{"body", ""}, Whole: true, Empty: true},
		"body x":                      {Fields: []string{"body"}, Word: "x"},
		"body range":                  {Fields: []string{"body"}},
		"body range end":              {Fields: []string{"body"}, Word: "end"},
		"":                            {Whole: true},
	} {
		got, err := Parse(expr)
		assert.NoError(t, err, expr)
		assert.Equal(t, want, got, expr)
	}
	for expr, want := range map[string]string{
		"body[":             "unclosed bracket",
		"body['x]":          "['x] is neither an index nor a quoted name",
		"body[x]":           "[x] is neither an index nor a quoted name",
		"body.{x}":          "braces are allowed only around the whole path",
		"{}":                "braces are allowed only around the whole path",
		"body.a[?(@.x":      "unclosed filter: )] is missing",
		"body.a[?(@.x)":     "unclosed filter: )] is missing",
		"body.a\\":          "the path ends with a backslash, or contains a line break",
		"body\n.a":          "the path ends with a backslash, or contains a line break",
		"a.....b":           "invalid multiple recursive descent",
		"body.x #":          "unrecognized character in action: U+0023 '#'",
		"body 1.2.3":        "cannot parse number 1.2.3",
		"body 'x":           "unterminated quoted string",
		deep(maxLength + 1): "the path is longer than 16384 bytes",
	} {
		_, err := Parse(expr)
		assert.EqualError(t, err, want, expr)
	}
	_, err := Parse(deep(maxLength))
	assert.NoError(t, err)
}

// deep returns a path of n bytes with as many steps as possible.
func deep(n int) string { return strings.Repeat(".a", n/2) + strings.Repeat(" ", n%2) }

func FuzzParse(f *testing.F) {
	for _, s := range []string{"body.ref", "{.a['b'][0:1,2]}", "a[?(@.x=='y')].z", "..a", `a 'b\'' "c"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		if _, err := Parse(expr); err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Fatal("empty error message")
		}
	})
}
