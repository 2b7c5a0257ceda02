package yamlwrite

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	yamlv3 "go.yaml.in/yaml/v3"
	sigs "sigs.k8s.io/yaml"
)

// reread writes v as YAML and returns the text. It fails unless sigs.k8s.io/yaml and
// yaml/v3 read the text as the same value.
func reread(t *testing.T, v any) string {
	t.Helper()
	n, err := value(reflect.ValueOf(v), 0)
	require.NoError(t, err)
	text := string(n.AppendYAML(nil))

	var got any
	require.NoError(t, sigs.UnmarshalStrict([]byte(text), &got), "%s", text)
	want, err := json.Marshal(v)
	require.NoError(t, err)
	back, err := json.Marshal(got)
	require.NoError(t, err)
	require.Equal(t, string(want), string(back), "sigs.k8s.io/yaml reads something else:\n%s", text)

	got = nil
	require.NoError(t, yamlv3.Unmarshal([]byte(text), &got), "%s", text)
	back, err = json.Marshal(got)
	require.NoError(t, err, "%#v\n%s", got, text)
	require.Equal(t, string(want), string(back), "yaml/v3 reads something else:\n%s", text)
	return text
}

type m = map[string]any

func TestScalars(t *testing.T) {
	for in, want := range map[string]string{
		"":                  `""`,
		"plain":             `plain`,
		"two words":         `two words`,
		"$(params.x)":       `$(params.x)`,
		"registry/app:v1":   `registry/app:v1`,
		"https://a.b/c?d#e": `https://a.b/c?d#e`,
		"don't":             `don't`,
		"-c":                `-c`,
		"--wait=true":       `--wait=true`,
		"a,b":               `a,b`,
		"1h30m":             `1h30m`,
		"500m":              `500m`,
		"1Gi":               `1Gi`,
		"2f0e3c":            `2f0e3c`,
		"é🚀":                `é🚀`,
		"👩\u200d💻":          "👩\u200d💻",
		"a\u202eb":          `"a\u202eb"`,
		"a\u200bb":          `"a\u200bb"`,
		"sha256:0":          `sha256:0`,
		`say "hi"`:          `say "hi"`,
		`"hi"`:              `'"hi"'`,
		`{"a": 'b'}`:        `'{"a": ''b''}'`,
		"a: b":              `"a: b"`,
		"a #b":              `"a #b"`,
		"a:":                `"a:"`,
		" a":                `" a"`,
		"a ":                `"a "`,
		"-":                 `"-"`,
		"- a":               `"- a"`,
		"---":               `"---"`,
		"---a":              `"---a"`,
		"...":               `"..."`,
		"*a":                `"*a"`,
		"&a":                `"&a"`,
		"!a":                `"!a"`,
		"%a":                `"%a"`,
		"@a":                `"@a"`,
		"`a`":               "\"`a`\"",
		"[a]":               `"[a]"`,
		"{a}":               `"{a}"`,
		"#a":                `"#a"`,
		"|":                 `"|"`,
		">":                 `">"`,
		"?":                 `"?"`,
		"y":                 `"y"`,
		"NO":                `"NO"`,
		"On":                `"On"`,
		"true":              `"true"`,
		"Null":              `"Null"`,
		"~":                 `"~"`,
		"=":                 `"="`,
		"<<":                `"<<"`,
		"1":                 `"1"`,
		"-1":                `"-1"`,
		"+1":                `"+1"`,
		"1.5":               `"1.5"`,
		".5":                `".5"`,
		"1e3":               `"1e3"`,
		"12e4567":           `"12e4567"`,
		"0o7":               `"0o7"`,
		"017":               `"017"`,
		"0x1F":              `"0x1F"`,
		"0b11":              `"0b11"`,
		"1_000":             `"1_000"`,
		"12:30:45":          `"12:30:45"`,
		"2006-01-02":        `"2006-01-02"`,
		"2006-01-02T15:04Z": `"2006-01-02T15:04Z"`,
		".inf":              `".inf"`,
		"-.INF":             `"-.INF"`,
		".NaN":              `".NaN"`,
		".":                 `"."`,
		"./...":             `./...`,
		"a\tb":              `"a\tb"`,
		"a\rb":              `"a\rb"`,
		"\x1b[0m\x7f":       `"\x1b[0m\x7f"`,
		"a\u0085b\u2028c":   `"a\x85b\u2028c"`,
		"\ufeffa\uffff":     `"\ufeffa\uffff"`,
		"\n":                `"\n"`,
		" \n\t\n":           `" \n\t\n"`,
		`\d`:                `\d`,
		`: \d`:              `': \d'`,
	} {
		got := reread(t, m{"k": in})
		assert.Equal(t, "k: "+want+"\n", got)
	}
}

func TestBlocks(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb":            "|-\n  a\n  b\n",
		"a\nb\n":          "|\n  a\n  b\n",
		"a\n\n\n":         "|+\n  a\n\n\n",
		"a\n":             "|\n  a\n",
		"\ta\n\tb \n":     "|2\n  \ta\n  \tb \n",
		"\n\na\n\n":       "|+\n\n\n  a\n\n",
		" a\nb\n":         "|2\n   a\n  b\n",
		"\n a\n":          "|2\n\n   a\n",
		"a\n  \n":         "|\n  a\n    \n",
		"a\n  ":           "|-\n  a\n    \n",
		"a\n\t":           "|-\n  a\n  \t\n",
		"a\n \nb\n":       "|\n  a\n   \n  b\n",
		"# a\n--- b\n":    "|\n  # a\n  --- b\n",
		"🚀 \"x\" 'y'\n\\": "|-\n  🚀 \"x\" 'y'\n  \\\n",
		"a\r\nb\r\n":      "\"a\\r\\nb\\r\\n\"\n",
		"a\n\u0085":       "\"a\\n\\x85\"\n",
	} {
		assert.Equal(t, "k: "+want, reread(t, m{"k": in}))
		reread(t, m{"k": []any{in, "x"}, "l": m{"a": in}})
		reread(t, []any{in, []any{in}, m{"a": in, "b": in}})
	}
}

func TestStructure(t *testing.T) {
	got := reread(t, m{
		"a": m{"b": m{}, "c": []any{}, "d": nil, "true": true},
		"l": []any{"x", []any{[]any{1, 2}, []any{}}, m{"k": "v", "l": []any{1}}, m{}, nil},
		"y": "z", "a: b": 1, "": 2, "line\nbreak": 3,
	})
	assert.Equal(t, `"": 2
a:
  b: {}
  c: []
  d: null
  "true": true
"a: b": 1
l:
  - x
  - - - 1
      - 2
    - []
  - k: v
    l:
      - 1
  - {}
  - null
"line\nbreak": 3
"y": z
`, got)
	long := strings.Repeat("k", 2000)
	assert.Contains(t, reread(t, m{long: 1, "x": []any{m{long: m{long: "a\nb"}}}}), "? kkk")
}

func TestNumbers(t *testing.T) {
	assert.Equal(t, "k:\n  - 1.0e+21\n  - 1.0e-7\n  - 1.5\n  - -3\n",
		reread(t, m{"k": []any{1e21, 1e-7, 1.5, -3}}))
	for _, f := range []float64{math.MaxFloat64, math.SmallestNonzeroFloat64, 0.1, 1 << 53} {
		reread(t, m{"k": f})
	}
}

func FuzzString(f *testing.F) {
	for _, s := range []string{"", "a", "\ta\n", " \n a", "a\n\n", "1e3", "\u0085", "a: b", "\r\n", "<<", "?", "🚀\n"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) {
			t.Skip("invalid UTF-8")
		}
		reread(t, m{a: b})
		reread(t, m{"k": []any{a, m{b: m{b + "x": a}, "c": []any{[]any{b}, a}}}, "script": a + "\n" + b})
		n := Node{Kind: Map, Keys: []string{"k"}, Items: []Node{{Kind: String, Text: a, Block: true}}}
		var got map[string]string
		require.NoError(t, sigs.UnmarshalStrict(n.AppendYAML(nil), &got))
		require.Equal(t, a, got["k"])
	})
}

// FuzzJSON writes arbitrary JSON values as YAML.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,{"b":null}],"c":"d\n"}`, `[[],{},[{}]]`, `{"":""}`, `[1e5,-0.5]`, `"x"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := FromJSON(b)
		if err != nil {
			t.Skip("invalid JSON")
		}
		var want, got any
		if json.Unmarshal(b, &want) != nil {
			t.Skip("a number that is out of range, such as 1e999")
		}
		text := n.AppendYAML(nil)
		require.NoError(t, sigs.UnmarshalStrict(text, &got), "%s", text)
		require.Equal(t, want, got, "%s", text)
	})
}
