package namedpath_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/namedpath"
	"github.com/tekwright/tekwright/pkg/diag"
)

var tree = namedpath.Tree(map[string]any{"spec": map[string]any{
	"tasks": []any{
		map[string]any{"name": "a", "params": []any{map[string]any{"name": "p q", "value": "x"}, map[string]any{"name": "]", "value": "x"}}},
		map[string]any{"name": "b", "args": []any{"x"}},
		map[string]any{"name": "two"}, map[string]any{"name": "two"}, map[string]any{},
	},
	"labels": map[string]any{"[name=a]": "x"},
}})

// TestText tests that Paths understands what Text writes.
func TestText(t *testing.T) {
	for path, want := range map[string]string{
		"":                              "",
		"spec":                          "spec",
		"spec.tasks":                    "spec.tasks",
		"spec.tasks[0]":                 "spec.tasks[name=a]",
		"spec.tasks[0].params[0].value": `spec.tasks[name=a].params[name="p q"].value`,
		"spec.tasks[0].params[1]":       `spec.tasks[name=a].params[name="]"]`,
		"spec.tasks[1].args[0]":         "spec.tasks[name=b].args[0]",
		"spec.tasks[2].x":               "spec.tasks[2].x", // two items have the name
		"spec.tasks[4].x.y[3]":          "spec.tasks[4].x.y[3]",
		"spec.tasks[9]":                 "spec.tasks[9]",
		`spec.labels["[name=a]"]`:       `spec.labels["[name=a]"]`,
	} {
		p, err := diag.ParsePath(path)
		require.NoError(t, err)
		assert.Equal(t, want, namedpath.Text(tree, p))
		got := namedpath.Paths(tree, want)
		require.Len(t, got, 1, want)
		assert.Equal(t, path, got[0].String())
	}
	assert.Equal(t, "spec.tasks[0]", namedpath.Text(nil, diag.Fields("spec").FieldIndex("tasks", 0)))
}

// TestPaths tests texts that Text does not write.
func TestPaths(t *testing.T) {
	for text, want := range map[string][]string{
		"spec.tasks[name=two].x":       {"spec.tasks[2].x", "spec.tasks[3].x"},
		`spec.tasks[name="a"]`:         {"spec.tasks[0]"},
		"spec.tasks[name=a].params[1]": {"spec.tasks[0].params[1]"},
		"spec.tasks[name=none]":        nil,
		"spec.none[name=a]":            nil,
		"spec.tasks[name=]":            nil,
		`spec.tasks[name=""]`:          nil,
		"spec.tasks[name=a":            nil,
		`spec.tasks[name="a].x`:        nil,
		"spec.tasks[name=a]x":          nil,
		"spec..tasks[name=a]":          nil,
		".spec.tasks[name=a]":          nil,
		"spec.tasks[name=a]..x":        nil,
		"spec.tasks[x].y[name=a]":      nil,
		"[name=a]":                     nil,
	} {
		var got []string
		for _, p := range namedpath.Paths(tree, text) {
			got = append(got, p.String())
		}
		assert.Equal(t, want, got, text)
	}
	assert.True(t, namedpath.Named("a[name=x]"))
	assert.False(t, namedpath.Named("a[0]"))
}

// FuzzPaths tests that no text is understood in two ways.
func FuzzPaths(f *testing.F) {
	f.Add("spec.tasks[name=a].params[name=\"p q\"].value")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range namedpath.Paths(tree, text) {
			again := namedpath.Paths(tree, namedpath.Text(tree, p))
			require.Len(t, again, 1)
			assert.True(t, p.Equal(again[0]), "%q", text)
		}
	})
}
