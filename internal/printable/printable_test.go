package printable_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/hostile"
	"github.com/tekwright/tekwright/internal/printable"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"a b":                   "a b",
		"日本語 é 👋":               "日本語 é 👋",
		"👨\u200d👩":              "👨\u200d👩",
		"a\u200db":              `a\u200db`,
		"\u2764\ufe0f":          "\u2764\ufe0f",
		"a\ufe0f\u3164\u034f":   `a\ufe0f\u3164\u034f`,
		"\u2764\ufe0f\ufe0f":    "\u2764\ufe0f" + `\ufe0f`,
		"\U000e0100\u2800":      `\U000e0100\u2800`,
		"a\nb\tc\r\nd\n":        "a b c d",
		"\x1b[31mred":           `\x1b[31mred`,
		"\u009b\u202e\u2028":    `\x9b\u202e\u2028`,
		"\U000e0041":            `\U000e0041`,
		"\xff":                  `\xff`,
		"::error::x":            `\::error::x`,
		"a ::b":                 "a ::b",
		" ::b":                  ` \::b`,
		"## Bad":                "## Bad",
		"##[error]x":            `#\#[error]x`,
		"a ###vso[x]":           `a ##\#vso[x]`,
		"##[a]##teamcity[b] #[": `#\#[a]#\#teamcity[b] #[`,
	} {
		assert.Equal(t, want, printable.Line(in), "%q", in)
		assert.Equal(t, want, printable.Line(want), "twice")
	}
	assert.Equal(t, `a\nb\t`, printable.Value("a\nb\t"))
	assert.Equal(t, "a\n  b\n\tc\n\n  \\::d", printable.Lines("a\r\nb\n\tc\n\n::d", "  "))
	assert.Equal(t, "a\n    b\n      c", string(printable.Indented("a\nb\n  c", "    ")))
}

func TestLog(t *testing.T) {
	for _, c := range [][3]string{ // the line, without and with colors
		{"plain\ttext", "plain\ttext", "plain\ttext"},
		{"\x1b[1;31mred\x1b[0m x", "red x", "\x1b[1;31mred\x1b[0m x"},
		{"\x1b[31mred", "red", "\x1b[31mred\x1b[0m"},
		{"\x1b[38;5;8mgrey\x1b[m", "grey", "\x1b[38;5;8mgrey\x1b[m"},
		{"\x1b[2K\x1b[1Gdone\r", "done", "done"},
		{"10%\r20%\r\n", `10%\r20%`, `10%\r20%`},
		{"\x1b]8;;http://evil\x07link\x1b]8;;\x1b\\.", "link.", "link."},
		{"\x1b]0;never ends", `\x1b]0;never ends`, `\x1b]0;never ends`},
		{"\x1b\x1b[m[31m", `\x1b[31m`, `\x1b` + "\x1b[m[31m"},
		{"\x1b[31m#\x1b[32m#[error]x", `#\#[error]x`, `#\#[error]x`},
		{"\x1b[31m::error::x", `\::error::x`, `\::error::x`},
		{"\u009b31mx\u009d0;t\u009c", "x", "x"},
	} {
		assert.Equal(t, c[1], string(printable.Log(c[0], false)), "%q", c[0])
		assert.Equal(t, c[2], string(printable.Log(c[0], true)), "%q", c[0])
	}
	assert.Equal(t, []printable.Safe{"\x1b[31mab", "cd", "e\x1b[0m"}, printable.Fold("\x1b[31mabcde\x1b[0m", 2))
	assert.Equal(t, []printable.Safe{"abc"}, printable.Fold("abc", 0))
}

func TestFprintf(t *testing.T) {
	got := printable.Sprintf("%-6s|%q|%d|%s|%v|%s", "a\nb", "c\n##[x]", 7, printable.Styled("1", "::d"), errors.New("e\x1b"), printable.Safe("\x1b[0m"))
	assert.Equal(t, "a b   |\"c\\n#\\#[x]\"|7|\x1b[1m\\::d\x1b[0m|e\\x1b|\x1b[0m", got)

	var out bytes.Buffer
	require.NoError(t, printable.Fprintf(printable.NewWriter(&out), "%s", printable.Safe("a\x1b\n::b")))
	assert.Equal(t, "a\\x1b\n\\::b", out.String())
}

func TestCommand(t *testing.T) {
	assert.Equal(t, `::error file=a%2Cb%3Ac%25\x1b\n,title=x::100%25%0A\::error::y`,
		string(printable.Command("error", [][2]string{{"file", "a,b:c%\x1b\n"}, {"title", "x"}}, "100%\n::error::y")))
}

func TestLayout(t *testing.T) {
	text := func(line string, hidden ...[2]int) (s string) {
		for _, g := range printable.Layout(line, hidden) {
			assert.Len(t, []rune(strings.ReplaceAll(g.Text, "\u0301", "")), g.Width, "%q", g.Text)
			s += g.Text
		}
		return s
	}
	assert.Equal(t, "a   b\\x1be\u0301 #\\#vso[x]", text("a\tb\x1be\u0301 ##vso[x]"))
	assert.Equal(t, "a ***c ***", text("a bbbbc dd", [2]int{2, 6}, [2]int{8, 10}))
}

// FuzzHarmless tests that nothing of a text arrives in any form of output, and that JSON
// is still that of the value.
func FuzzHarmless(f *testing.F) {
	for _, text := range hostile.Texts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, out := range map[string]string{
			"Line": printable.Line(text), "Value": printable.Value(text), "Lines": printable.Lines(text, "  "), "Sprintf": printable.Sprintf("%s\n%q\n%v", text, text, errors.New(text)),
			"Log": string(printable.Log(text, false)), "Block": string(printable.Block("tekwright: " + text)), "Indented": string(printable.Indented(text, "\t")),
		} {
			assert.Empty(t, hostile.Arrived(out, hostile.Plain), name)
			if name == "Line" || name == "Value" || name == "Log" {
				assert.NotContains(t, out, "\n", name)
			}
		}
		var fold []string
		for _, l := range printable.Fold(printable.Log(text, true), 7) {
			fold = append(fold, string(l))
		}
		assert.Equal(t, string(printable.Log(text, true)), strings.Join(fold, ""))
		assert.Empty(t, hostile.Arrived(string(printable.Log(text, true)), hostile.Colored))
		assert.Equal(t, printable.Log(text, true), printable.Log(string(printable.Log(text, true)), true), "twice")
		assert.Empty(t, hostile.Arrived(string(printable.Styled("1;31", text)), hostile.Colored))
		assert.Empty(t, hostile.Arrived(string(printable.Command("error", [][2]string{{"file", text}, {"title", text}}, text)), hostile.GitHub))

		var out bytes.Buffer
		require.NoError(t, printable.WriteJSON(&out, map[string]string{text: text}, true))
		assert.Empty(t, hostile.Arrived(out.String(), hostile.JSON))
		var read map[string]string
		require.NoError(t, json.Unmarshal(out.Bytes(), &read))
		if utf8.ValidString(text) {
			assert.Equal(t, map[string]string{text: text}, read)
		}
	})
}

func TestWriteJSONList(t *testing.T) {
	type value struct {
		A string   `json:"a"`
		B []string `json:"b"`
		C int      `json:"c"`
	}
	for _, items := range [][]string{{}, {"x"}, {"x", "\"b\": []", "\u202e##[error]\n"}} {
		for _, v := range []struct {
			field       string
			whole, list any
		}{
			{"b", []value{{`"b": []`, items, 1}}, []value{{`"b": []`, []string{}, 1}}},
			{"", items, []string{}},
		} {
			var want, got bytes.Buffer
			require.NoError(t, printable.WriteJSON(&want, v.whole, true))
			require.NoError(t, printable.WriteJSONList(&got, v.list, v.field, len(items), func(i int) any { return items[i] }))
			assert.Equal(t, want.String(), got.String())
		}
	}
}

// TestWriteXML tests that no text breaks the XML, and that the XML is harmless.
func TestWriteXML(t *testing.T) {
	type element struct {
		XMLName xml.Name `xml:"e"`
		A       string   `xml:"a,attr"`
		Text    string   `xml:",chardata"`
	}
	for _, text := range append(hostile.Texts(), "a]]>b", "</e>", "&lt;", "<!-- -->", "a\r\n::b") {
		var b bytes.Buffer
		require.NoError(t, printable.WriteXML(&b, element{A: text, Text: text}, 1))
		assert.Empty(t, hostile.Arrived(b.String(), hostile.XML), "%q", text)
		var e element
		require.NoError(t, xml.Unmarshal(b.Bytes(), &e), "%q", text)
	}
	var b bytes.Buffer
	require.NoError(t, printable.WriteXML(&b, element{A: `"<&>"`, Text: "a <b> & 'c'"}, 2))
	var e element
	require.NoError(t, xml.Unmarshal(b.Bytes(), &e))
	assert.Equal(t, `"<&>"`, e.A)
	assert.Equal(t, "a <b> & 'c'", e.Text)
	assert.True(t, strings.HasPrefix(b.String(), "    <e a="))
	assert.Error(t, printable.WriteXML(&b, make(chan int), 0))
}
