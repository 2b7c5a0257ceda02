package yamlread

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/diag"
)

// changed returns a text with a change, "" if it cannot be made.
func changed(t *testing.T, text string, change func(*Outline) ([]diag.Edit, bool)) string {
	t.Helper()
	for doc := range Documents(text) {
		require.Nil(t, doc.Problem)
		edits, ok := change(doc.Outline(doc.Root))
		if !ok {
			return ""
		}
		for i := len(edits) - 1; i >= 0; i-- {
			text = text[:edits[i].Start] + edits[i].New + text[edits[i].End:]
		}
		return text
	}
	return ""
}

func TestReplace(t *testing.T) {
	path := diag.Fields("a")
	for _, c := range []struct{ text, old, new, want string }{
		{"a: one # one\n", "", "two", "a: two # one\n"},
		{"a: 'one'\n", "", "two", "a: 'two'\n"},
		{"{\"a\": \"one\"}", "", "two", "{\"a\": \"two\"}"},
		{"a: one\n", "", "yes", ""},    // a boolean
		{"a: one\n", "", "1", ""},      // a number
		{"a: one\n", "", "x: y", ""},   // a map
		{"a: 'one'\n", "", "it's", ""}, // needs another escape
		{"a: &x one\n", "", "two", ""}, // another value may refer to it
		{"a: !!str one\n", "", "two", ""},
		{"a: |\n  one\n", "", "two", ""},
		{"a: 5\n", "", "two", ""},
		{"b: one\n", "", "two", ""},
		{"a: $(p.x) and $(p.x)\n", "$(p.x)", "$(p.yy)", "a: $(p.yy) and $(p.yy)\n"},
		{"a: \"$(p.x)\"\n", "$(p.x)", "$(p.y)", "a: \"$(p.y)\"\n"},
		{"a: |\n  x $(p.x)\n  $(p.x)\n", "$(p.x)", "\"${X}\"", "a: |\n  x \"${X}\"\n  \"${X}\"\n"},
		{"a: \"$(p.x)\"\n", "$(p.x)", "\"${X}\"", ""}, // its quotes would end the text
		{"a: one two\n", "three", "four", ""},
	} {
		assert.Equal(t, c.want, changed(t, c.text, func(o *Outline) ([]diag.Edit, bool) { return o.Replace(path, c.old, c.new) }), "%q %q", c.text, c.new)
	}
	at := func(text string, offset int) string {
		return changed(t, text, func(o *Outline) ([]diag.Edit, bool) { return o.ReplaceAt(path, offset, "x", "yy") })
	}
	assert.Equal(t, "a: x yy\n", at("a: x x\n", 2))
	assert.Empty(t, at("a: x x\n", 1))
	assert.Empty(t, at("a: x x\n", 9))

	// Braces are part of a text that is in quotes, or not in a map or list in braces.
	for text, want := range map[string]string{
		"a: echo \"$(p.x)\"\n":         "a: echo \"${X}\"\n",
		"a: 'echo \"$(p.x)\"'\n":       "a: 'echo \"${X}\"'\n",
		"{a: 'echo \"$(p.x)\"', b: c}": "{a: 'echo \"${X}\"', b: c}",
		"{a: echo \"$(p.x)\", b: c}":   "",
	} {
		got := changed(t, text, func(o *Outline) ([]diag.Edit, bool) { return o.ReplaceAt(path, len("echo \""), "$(p.x)", "${X}") })
		assert.Equal(t, want, got, text)
	}
}

func TestRename(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: 1 # a\n", "b: 1 # a\n"},
		{"\"a\" : 1\n", "\"b\" : 1\n"},
		{"{'a': 1}\n", "{'b': 1}\n"},
		{"? a\n: 1\n", ""},
		{"&x a: 1\n", ""},
		{"x: &k a\n*k : 1\n", ""},
	} {
		assert.Equal(t, c.want, changed(t, c.text, func(o *Outline) ([]diag.Edit, bool) { return o.Rename(diag.Fields("a"), "b") }), "%q", c.text)
	}
}

func TestInsert(t *testing.T) {
	text, list := Field{Name: "q", Text: "v"}, Field{Name: "q", List: []string{"v", "$(x.y)", "1"}}
	maps := Field{Name: "q", Maps: [][][2]string{{{"name", "X"}, {"value", "$(x)"}}, {{"name", "Y"}, {"value", "a b"}}}}
	for _, c := range []struct {
		text  string
		field Field
		want  string
	}{
		{"m:\n  a: x # c\n  b: y\n", text, "m:\n  a: x # c\n  q: v\n  b: y\n"},
		{"m:\r\n  a: x\r\n", text, "m:\r\n  a: x\r\n  q: v\r\n"},
		{"m:\n  a: x", text, "m:\n  a: x\n  q: v"},
		{"m: {a: x, b: y}\n", text, "m: {a: x, q: v, b: y}\n"},
		{"{\"m\": {\"a\": \"x\"}}", text, "{\"m\": {\"a\": \"x\", \"q\": \"v\"}}"},
		{"m:\n  # c\n  b: y\n", text, "m:\n  q: v\n  # c\n  b: y\n"},
		{"m: {b: y}\n", text, "m: {q: v, b: y}\n"},
		{"m:\n  a: |\n    x\n  b: y\n", text, "m:\n  q: v\n  a: |\n    x\n  b: y\n"},
		{"m:\n  q: y\n", text, ""},          // it is set
		{"m: {}\n", text, ""},               // there is no place that is certain
		{"m: &m {a: x}\nk: *m\n", text, ""}, // the other map is the same
		{"m:\n  a: x\n", list, "m:\n  a: x\n  q:\n    - v\n    - $(x.y)\n    - \"1\"\n"},
		{"m:\n  q:\n  - z\n", list, "m:\n  q:\n  - v\n  - $(x.y)\n  - \"1\"\n  - z\n"},
		{"m:\n  q: [z]\n", list, "m:\n  q: [v, \"$(x.y)\", \"1\", z]\n"},
		{"m:\n  q: []\n", list, ""},
		{"m:\n  a: x\n", maps, "m:\n  a: x\n  q:\n    - name: X\n      value: $(x)\n    - name: \"Y\"\n      value: \"a b\"\n"},
		{"m: {a: x}\n", maps, "m: {a: x, q: [{name: X, value: \"$(x)\"}, {name: \"Y\", value: \"a b\"}]}\n"},
	} {
		assert.Equal(t, c.want, changed(t, c.text, func(o *Outline) ([]diag.Edit, bool) { return o.Insert(diag.Fields("m"), c.field, "a") }), "%q", c.text)
	}
}

func TestRemove(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"m:\n  a: x # c\n  b: y\n", "m:\n  b: y\n"},
		{"m:\n  b: y\n  a: 'x'", "m:\n  b: y\n"},
		{"k: v\nm:\n  a: x\nz: 1\n", "k: v\nz: 1\n"},
		{"m: {a: x, b: y}\n", "m: {b: y}\n"},
		{"m: {b: y, a: x}\n", "m: {b: y}\n"},
		{"m: {a: x}\n", "m: {}\n"},
		{"m:\n  # c\n  a: x\n", ""}, // a comment would be lost
		{"m:\n  a: |\n    x\n  b: y\n", ""},
		{"m:\n  a: {}\n  b: y\n", ""},
		{"m: &m\n  a: x\n  b: y\nk: *m\n", ""},
	} {
		assert.Equal(t, c.want, changed(t, c.text, func(o *Outline) ([]diag.Edit, bool) { return o.Remove(diag.Fields("m", "a")) }), "%q", c.text)
	}
}

func TestNest(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"m:\n  a: x # c\n  b: y\n", "m:\n  q:\n    k: x # c\n  b: y\n"},
		{"m: {a: x}\n", ""},
		{"m:\n  a: x\n  q: y\n", ""},
		{"m:\n  a: {}\n", ""},
		{"m:\n- a: x\n", ""},
	} {
		assert.Equal(t, c.want, changed(t, c.text, func(o *Outline) ([]diag.Edit, bool) { return o.Nest(diag.Fields("m", "a"), "q", "k") }), "%q", c.text)
	}
}
