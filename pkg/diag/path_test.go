package diag_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/diag"
)

// parse parses a path.
func parse(t *testing.T, text string) diag.Path {
	t.Helper()
	p, err := diag.ParsePath(text)
	require.NoError(t, err)
	return p
}

func TestPathText(t *testing.T) {
	for _, c := range []struct {
		path diag.Path
		text string
	}{
		{diag.Path{}, ""},
		{diag.Fields(), ""},
		{diag.Fields("spec"), "spec"},
		{diag.Fields("spec", "tasks").Index(2).Field("params").Index(0).Field("value"), "spec.tasks[2].params[0].value"},
		{diag.Fields("metadata", "labels").Key("app"), `metadata.labels["app"]`},
		{diag.Path{}.Key("a").Index(0).Index(1), `["a"][0][1]`},
		{diag.Path{}.Index(7), "[7]"},
		{diag.Fields("spec").FieldIndex("tasks", 7).Field("a", "b"), "spec.tasks[7].a.b"},
		{diag.Fields("spec").Field(), "spec"},
		{diag.Path{}.Key(""), `[""]`},
		{diag.Fields("data").Key("a.b[0]\"]\n\U000F0E0E"), `data["a.b[0]\"]\n` + `\U000f0e0e"]`},
		{diag.Fields("data").Key("日本"), `data["日本"]`},
		{diag.Path{}.Key("k").Field("x"), `["k"].x`},
	} {
		assert.Equal(t, c.text, c.path.String())
		assert.Equal(t, "at "+c.text, string(c.path.AppendText([]byte("at "))))
		read, err := diag.ParsePath(c.text)
		require.NoError(t, err, c.text)
		assert.True(t, c.path.Equal(read), c.text)
		assert.Equal(t, c.path.Len() == 0, read.IsRoot())

		b, err := json.Marshal(map[string]diag.Path{"p": c.path})
		require.NoError(t, err)
		var back map[string]diag.Path
		require.NoError(t, json.Unmarshal(b, &back))
		assert.True(t, c.path.Equal(back["p"]), c.text)
	}
}

func TestParsePathFaults(t *testing.T) {
	for text, upTo := range map[string]string{
		".spec":                   "",
		"spec.":                   "spec",
		"spec..a":                 "spec",
		"spec[":                   "spec",
		"spec[]":                  "spec",
		"spec[-1]":                "spec",
		"spec[01]":                "spec",
		"spec[+1]":                "spec",
		"spec[1":                  "spec",
		"spec[1]a":                "spec[1]",
		`spec["a`:                 "spec",
		`spec["a"`:                "spec",
		`spec.a["\q"]`:            "spec.a",
		"spec[name=\"a\"].x":      "spec",
		"a[99999999999999999999]": "a",
	} {
		p, err := diag.ParsePath(text)
		assert.ErrorContains(t, err, "is not a valid path", text)
		assert.Equal(t, upTo, p.String(), text)
	}
	var p diag.Path
	assert.Error(t, p.UnmarshalText([]byte("a..b")))
}

func TestPathSegments(t *testing.T) {
	p := parse(t, `spec.tasks[2].when["a"]`)
	assert.Equal(t, []diag.Segment{
		{Name: "spec"}, {Name: "tasks"}, {Index: 2, Kind: diag.IndexSegment}, {Name: "when"}, {Name: "a", Kind: diag.KeySegment},
	}, p.Segments())
	assert.Equal(t, 5, p.Len())
	assert.True(t, p.Equal(diag.NewPath(p.Segments()...)))
	for i, s := range p.Segments() {
		assert.Equal(t, s, p.At(i))
	}
	assert.Equal(t, diag.Segment{}, p.At(5))
	assert.Equal(t, diag.Segment{}, p.At(-1))
	assert.Equal(t, p.At(4), p.Last())
	assert.Equal(t, "spec.tasks[2].when", p.Parent().String())

	var root diag.Path
	assert.Nil(t, root.Segments())
	assert.Equal(t, diag.Segment{}, root.Last())
	assert.Equal(t, diag.Segment{}, root.At(0))
	assert.True(t, root.Parent().IsRoot())

	// Longer paths share the segments of a path without changing them.
	a, b := p.Field("x"), p.Field("y")
	assert.Equal(t, `spec.tasks[2].when["a"].x`, a.String())
	assert.Equal(t, `spec.tasks[2].when["a"].y`, b.String())
	assert.Equal(t, `spec.tasks[2].when["a"]`, p.String())

	assert.Equal(t, `spec.tasks[2].when["a"].b[0]`, p.Join(parse(t, "b[0]")).String())
	assert.True(t, p.Join(root).Equal(p))
	assert.True(t, root.Join(p).Equal(p))
}

func TestPathPrefix(t *testing.T) {
	for _, c := range []struct {
		path, prefix, rest string
		ok                 bool
	}{
		{"", "", "", true},
		{"spec", "", "spec", true},
		{"spec", "spec", "", true},
		{"spec.tasks[1].name", "spec.tasks", "[1].name", true},
		{"spec.tasks[1].name", "spec.tasks[1]", "name", true},
		{"spec.tasks[12]", "spec.tasks[1]", "", false},
		{"spec.tasksets", "spec.tasks", "", false},
		{"spec", "spec.tasks", "", false},
		{`a["b"]`, "a.b", "", false}, // a key is not a field
		{`data["a.b"]`, "data", `["a.b"]`, true},
	} {
		path, prefix := parse(t, c.path), parse(t, c.prefix)
		assert.Equal(t, c.ok, path.HasPrefix(prefix), "%s in %s", c.path, c.prefix)
		rest, ok := path.Cut(prefix)
		assert.Equal(t, c.ok, ok, "%s in %s", c.path, c.prefix)
		assert.Equal(t, c.rest, rest.String(), "%s in %s", c.path, c.prefix)
		if ok {
			assert.True(t, prefix.Join(rest).Equal(path))
		}
	}
}

// TestPathCompare checks that items are sorted by index, and a value before the values
// in it.
func TestPathCompare(t *testing.T) {
	var sorted []diag.Path
	for _, text := range []string{
		"", "metadata", `metadata.labels["a"]`, `metadata.labels["b"]`, "spec", "spec.params", "spec.params[2]", "spec.params[2].name",
		"spec.params[10]", "spec.params[11]", "spec.params[100]", "spec.tasks[0]",
	} {
		sorted = append(sorted, parse(t, text))
	}
	for i, a := range sorted {
		for j, b := range sorted {
			assert.Equal(t, i < j, a.Compare(b) < 0, "%s %s", a, b)
			assert.Equal(t, i == j, a.Compare(b) == 0, "%s %s", a, b)
			assert.Equal(t, i == j, a.Equal(b), "%s %s", a, b)
		}
	}
	// A field and a key with the same name are different paths.
	field, key := diag.Fields("a"), diag.Path{}.Key("a")
	assert.False(t, field.Equal(key))
	assert.Equal(t, -1, field.Compare(key))
	assert.Equal(t, 1, key.Compare(field))
}

// FuzzPath checks that ParsePath and String are inverse functions.
func FuzzPath(f *testing.F) {
	for _, text := range []string{"", "spec.tasks[2].params[0].value", `metadata.labels["a.b"]`, `["\u00e9\n"][0].x`, "a[01]", "a..b", "[", `a["`} {
		f.Add(text, "key", 3)
	}
	f.Fuzz(func(t *testing.T, text, name string, index int) {
		p, err := diag.ParsePath(text)
		if err == nil {
			again, err := diag.ParsePath(p.String())
			require.NoError(t, err)
			require.True(t, p.Equal(again), "%q", text)
			require.Zero(t, p.Compare(again))
		}
		q := p.Key(name).Index(max(index, 0)).Field("f")
		again, err := diag.ParsePath(q.String())
		require.NoError(t, err, "%q", q)
		require.True(t, q.Equal(again), "%q", q)
		rest, ok := q.Cut(p)
		require.True(t, ok)
		require.True(t, p.Join(rest).Equal(q))
		require.True(t, q.HasPrefix(p))
		require.Equal(t, q.Len() > p.Len(), p.Compare(q) < 0)
	})
}

// TestFieldIndex checks that FieldIndex is the same as Field and Index.
func TestFieldIndex(t *testing.T) {
	for _, steps := range [][]int{{0}, {0, 1}, {7, 7, 0}} {
		var one, two diag.Path
		for _, i := range steps {
			one, two = one.FieldIndex("f", i), two.Field("f").Index(i)
			assert.Equal(t, two, one, "reflect.DeepEqual")
			assert.True(t, one.Equal(two), "%s", one)
			assert.True(t, two.Equal(one), "%s", one)
			assert.Zero(t, one.Compare(two))
			assert.Equal(t, two.Segments(), one.Segments())
			assert.Equal(t, two.String(), one.String())
			for a, b := one, two; !b.IsRoot(); a, b = a.Parent(), b.Parent() {
				assert.True(t, a.Equal(b), "%s", b)
				assert.Equal(t, b.Len(), a.Len())
				assert.Equal(t, b.Last(), a.Last())
				assert.Equal(t, b.At(b.Len()-1), a.At(a.Len()-1))
				assert.True(t, one.HasPrefix(b), "%s", b)
				assert.True(t, two.HasPrefix(a), "%s", a)
				rest, ok := one.Field("x").Cut(b)
				assert.True(t, ok)
				assert.True(t, a.Join(rest).Equal(two.Field("x")), "%s", rest)
			}
			assert.False(t, one.Equal(two.Parent().Index(i+1)))
			assert.False(t, one.HasPrefix(two.Parent().Index(i+1)))
			assert.False(t, one.Parent().Equal(two.Parent().Parent()))
		}
	}
}
