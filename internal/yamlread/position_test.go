package yamlread

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/diag"
)

// where maps paths, and parts of texts, to their line and column in a stream.
func TestPlace(t *testing.T) {
	const stream = "\ufeff# header\n" +
		"--- # one\n" +
		"apiVersion: v1\r\n" +
		"metadata:\n" +
		"  name: &n \"a\\tb $(x) \\u0024(y)\"\n" +
		"  labels: {app: x, 'é': 'it''s $(z)', \"k.e[y]\": !!str 1}\n" +
		"  empty:\n" +
		"  none: []\n" +
		"spec:\n" +
		"  - one\n" +
		"  -   name: *n\n" +
		"      # a comment\n" +
		"      script: | # why not\n" +
		"\n" +
		"        echo é $(a)\n" +
		"        \t $(b)\n" +
		"      folded: >-\n" +
		"        one two $(c d)\n" +
		"        three $(e\n" +
		"        f)\n" +
		"\n" +
		"        four $(g)\n" +
		"          more $(h)\n" +
		"      plain: one $(i)\n" +
		"        two $(j)\n" +
		"      quoted: \"one $(k)\n" +
		"        two \\\n" +
		"        $(l)\\\n" +
		"          end\"\n" +
		"      flow: [a,\n" +
		"        b, {c: $(m)}\n" +
		"      ]\n" +
		"  -\n" +
		"  - - $(n)\n" +
		"other: &o {deep: {x: 1}}\n" +
		"merged:\n" +
		"  <<: *o\n" +
		"---  {a: {b: c}}\n"
	docs := parse(stream)
	require.Len(t, docs, 2)
	require.Nil(t, docs[0].Problem)
	for _, c := range []struct{ path, part, want string }{
		{"", "", "3:1"},
		{"nowhere.at.all", "", "3:1"},
		{"apiVersion", "", "3:13"},
		{"metadata", "", "5:3"},
		{"metadata.namespace", "", "4:1"},
		{"metadata.name", "", "5:12"},
		{"metadata.name", "$(x)", "5:18"},
		{"metadata.name", "$(y)", "5:23"},
		{"metadata.name", "$(nowhere)", ""},
		{"metadata.labels", "", "6:11"},
		{`metadata.labels["app"]`, "", "6:17"},
		{"metadata.labels.app", "", "6:17"},
		{`metadata.labels["none"]`, "", "6:11"},
		{`metadata.labels["é"]`, "", "6:25"},
		{`metadata.labels["é"]`, "$(z)", "6:32"},
		{`metadata.labels["k.e[y]"]`, "", "6:55"},
		{"metadata.empty", "", "7:3"},
		{"metadata.empty.below", "", "7:3"},
		{"metadata.none", "", "8:9"},
		{"metadata.none[0]", "", "8:9"},
		{"spec", "", "10:3"},
		{"spec[7]", "", "9:1"},
		{"spec[0]", "", "10:5"},
		{"spec[0].name", "", "10:5"},
		{"spec[1]", "", "11:7"},
		{"spec[1].image", "", "11:7"},
		{"spec[1].name", "", "5:12"},
		{"spec[1].name", "$(x)", "5:18"},
		{"spec[1].script", "", "13:15"},
		{"spec[1].script", "$(a)", "15:16"},
		{"spec[1].script", "$(b)", "16:11"},
		{"spec[1].folded", "$(c d)", "18:17"},
		{"spec[1].folded", "$(e f)", "19:15"},
		{"spec[1].folded", "$(g)", "22:14"},
		{"spec[1].folded", "$(h)", "23:16"},
		{"spec[1].plain", "$(i)", "24:18"},
		{"spec[1].plain", "$(j)", "25:13"},
		{"spec[1].quoted", "$(k)", "26:20"},
		{"spec[1].quoted", "$(l)", "28:9"},
		{"spec[1].quoted", "end", "29:11"},
		{"spec[1].flow[0]", "", "30:14"},
		{"spec[1].flow[1]", "", "31:9"},
		{"spec[1].flow[2].c", "$(m)", "31:16"},
		{"spec[3][0]", "$(n)", "34:7"},
		{"merged", "", "37:3"},
		{"merged.deep.x", "", "35:22"},
	} {
		path := pathOf(c.path)
		at := docs[0].Outline(docs[0].Root).Place(path)
		if c.part != "" {
			var ok bool
			at, ok = docs[0].Outline(docs[0].Root).Part(path, c.part)
			if c.want == "" {
				assert.False(t, ok, "%s %s", c.path, c.part)
				continue
			}
			assert.True(t, ok, "%s %s", c.path, c.part)
		}
		assert.Equal(t, c.want, fmt.Sprintf("%d:%d", at.Line, at.Column), "%s %s", c.path, c.part)
	}
	at := docs[1].Outline(docs[1].Root).Place(pathOf("a.b"))
	assert.Equal(t, "38:14", fmt.Sprintf("%d:%d", at.Line, at.Column))
}

// pathOf parses a path.
func pathOf(text string) diag.Path {
	path, err := diag.ParsePath(text)
	if err != nil {
		panic(err)
	}
	return path
}

// TestEnds tests the ends of scalars, of parts of them, and of keys.
func TestEnds(t *testing.T) {
	d := parse("plain: a b # c\nover: a\n  $(x)\nsingle: 'it''s $(x)'''\ndouble: \"\\u0024(x)\\n\"\nempty: ''\nyes: no\nn: 0755 \n" +
		"block: |\n  a $(x) b\nlist: [é, \"日本\"]\n")[0]
	for _, c := range []struct{ path, part, want string }{
		{"plain", "", "1:8-1:11"},
		{"plain", "b", "1:10-1:11"},
		{"over", "", "2:7-3:7"},
		{"over", "$(x)", "3:3-3:7"},
		{"single", "", "4:9-4:23"},
		{"single", "$(x)", "4:16-4:20"},
		{"single", "'s", "4:12-4:15"},
		{"double", "", "5:9-5:22"},
		{"double", "$(x)", "5:10-5:19"},
		{"empty", "", "6:8-6:10"},
		{"true", "", "7:6-7:8"},
		{"false", "", "8:4-8:8"},
		{"block", "", "9:8-0:0"},
		{"block", "$(x)", "10:5-10:9"},
		{"list", "", "11:7-0:0"},
		{"list[0]", "", "11:8-11:9"},
		{"list[1]", "", "11:11-11:15"},
		{"list[2]", "", "11:7-0:0"},
	} {
		at := d.Outline(d.Root).Place(pathOf(c.path))
		if c.part != "" {
			at, _ = d.Outline(d.Root).Part(pathOf(c.path), c.part)
		}
		assert.Equal(t, c.want, fmt.Sprintf("%d:%d-%d:%d", at.Line, at.Column, at.EndLine, at.EndColumn), "%s %s", c.path, c.part)
	}
	at, ok := d.Outline(d.Root).KeyPlace(diag.Fields("plain"), "plain")
	assert.True(t, ok)
	assert.Equal(t, diag.Position{Line: 1, Column: 1, EndLine: 1, EndColumn: 6}, at)
	for _, path := range []diag.Path{{}, diag.Fields("over"), diag.Fields("list").Index(0), diag.Fields("none")} {
		_, ok := d.Outline(d.Root).KeyPlace(path, path.Last().Name+"x")
		assert.False(t, ok, "%s", path)
	}
}

// TestOddBreaks tests that lines are counted as in an editor, although YAML has more
// line breaks.
func TestOddBreaks(t *testing.T) {
	d := parse("a: \"x\u2028y\"\nb: |\n  x\u0085  $(c)\nd: e\n")[0]
	at := d.Outline(d.Root).Place(diag.Fields("d"))
	assert.Equal(t, [2]int{4, 4}, [2]int{at.Line, at.Column})
	at, ok := d.Outline(d.Root).Part(diag.Fields("b"), "$(c)")
	assert.Equal(t, [3]any{3, 7, true}, [3]any{at.Line, at.Column, ok})
}

// TestJSON tests JSON, including streams of several values.
func TestJSON(t *testing.T) {
	docs := parse("{\"a\": {\"b\\n\": \"\\ud83d\\ude00 $(x)\"},\n\t\"c\": [1.50, -2e3, true, null, \"\\u0024(y)\"]}\n" +
		"[{}]{\"n\": 12345678901234567890}\n# end\n---\n{\"a\": 1, \"a\": 2} # twice\n---\n{\"a\": 1}\n{a: b}\n---\n{\"a\": 1}}\n")
	var got []string
	for _, d := range docs {
		if d.Root == nil {
			got = append(got, fmt.Sprintf("%d:%d %s", d.Problem.Line, d.Problem.Column, d.Problem.Message))
			continue
		}
		got = append(got, fmt.Sprintf("%d %s", d.Line, d.Root.AppendJSON(nil)))
	}
	assert.Equal(t, []string{
		`1 {"a":{"b\n":"😀 $(x)"},"c":[1.50,-2e3,true,null,"$(y)"]}`, `3 [{}]`, `3 {"n":12345678901234567890}`,
		`6 {"a":2}`, `8 {"a":1}`, `9 {"a":"b"}`, `11 {"a":1}`,
		`11:9 missing value, or unclosed bracket`,
	}, got)
	for path, want := range map[string]string{`a["b\n"]`: "1:15", "c[0]": "2:8", "c[4]": "2:32"} {
		at := docs[0].Outline(docs[0].Root).Place(pathOf(path))
		assert.Equal(t, want, fmt.Sprintf("%d:%d", at.Line, at.Column), path)
	}
	at, ok := docs[0].Outline(docs[0].Root).Part(pathOf(`a["b\n"]`), "$(x)")
	assert.Equal(t, [3]any{1, 29, true}, [3]any{at.Line, at.Column, ok})
	at, ok = docs[0].Outline(docs[0].Root).Part(pathOf("c[4]"), "(y)")
	assert.Equal(t, [3]any{2, 39, true}, [3]any{at.Line, at.Column, ok})
	require.Len(t, docs[3].Root.Twice, 1)
	assert.Equal(t, map[string]any{"n": 12345678901234567890.0}, docs[2].Root.Value())
}

// TestUnreadable tests the messages for unreadable streams.
func TestUnreadable(t *testing.T) {
	for in, want := range map[string]string{
		"\xff\xfea\x00":               "1:1 the file is encoded as UTF-16",
		"a: b\nc: é\xff\n":            "2:5 the file is not valid UTF-8",
		"a: b\nc: \x00d\n":            "2:4 control characters are not allowed ('\\x00')",
		"a:\n  b: 1\n\tc: 2\n":        "3:1 tabs are not allowed for indentation",
		"a:\n  - b\n  - \tc: d\n":     "3:5 an unquoted string cannot begin with @, `, % or a tab",
		"a: 1\n\t\n":                  "2:1 tabs are not allowed for indentation",
		"{\"a\": 1,\n\t\"b\": [2}}\n": "2:9 unexpected \"}\"",
		"a: 1\n... b\n---\nc: 1\n":    "2:1 unexpected text after \"...\"",
		"a: \xed\xa0\x80":             "1:4 the file is not valid UTF-8",
		"%YAML 1.1\n---\na: 1\n":      "1:1 YAML directives are not supported",
		strings.Repeat("[", 20_000):   "1:102 values are nested more than 100 levels deep",
		strings.Repeat("- ", 9_000):   "1:203 values are nested more than 100 levels deep",
		strings.Repeat("- ", 20_000):  "1:1 values are nested too deeply",
	} {
		got := ""
		for _, d := range parse(in) {
			if d.Problem != nil {
				got += fmt.Sprintf("%d:%d %s", d.Problem.Line, d.Problem.Column, d.Problem.Message)
			}
		}
		assert.Equal(t, want, got, "%.40q", in)
	}
}
