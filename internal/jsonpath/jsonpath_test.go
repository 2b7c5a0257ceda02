package jsonpath_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/jsonpath"
)

func TestParse(t *testing.T) {
	for expr, want := range map[string]jsonpath.Path{
		"body.ref":                    {Fields: []string{"body", "ref"}, Whole: true},
		"{.body.ref}":                 {Fields: []string{"body", "ref"}, Whole: true},
		".header.X-GitHub-Event":      {Fields: []string{"header", "X-GitHub-Event"}, Whole: true},
		"body['a.b']":                 {Fields: []string{"body", "a", "b"}, Whole: true},
		`body.a\.b`:                   {Fields: []string{"body", "a.b"}, Whole: true},
		"body.commits[0].id":          {Fields: []string{"body", "commits"}},
		"body.commits[-1:].id":        {Fields: []string{"body", "commits"}, Many: true},
		"body.commits[*].id":          {Fields: []string{"body", "commits"}, Many: true},
		"body.*":                      {Fields: []string{"body"}, Many: true},
		"body..id":                    {Fields: []string{"body"}, Many: true},
		"body.c[?(@.id==\"x\")].name": {Fields: []string{"body", "c"}, Many: true},
		"body.":                       {Fields: []string{"body", ""}, Whole: true, Empty: true},
		"body x":                      {Fields: []string{"body"}, Word: "x"},
		"":                            {Whole: true},
	} {
		got, err := jsonpath.Parse(expr)
		assert.NoError(t, err, expr)
		assert.Equal(t, want, got, expr)
	}
	for _, expr := range []string{"body[", "body.{x}", "body[x]", "body['x]", "body.a[?(@.x", "body.a[?(@.x)", "body.a|b c", "a.....b", "body.x #", "body 1.2.3", "body 'x"} {
		_, err := jsonpath.Parse(expr)
		if expr == "body.a|b c" {
			assert.NoError(t, err, expr)
			continue
		}
		assert.Error(t, err, expr)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n")
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"body.ref", "{.a['b'][0:1,2]}", "a[?(@.x=='y')].z", "..a", `a 'b\'' "c"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		if _, err := jsonpath.Parse(expr); err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Fatal("an error without words")
		}
	})
}
