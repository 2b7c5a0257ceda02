package yamlread

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	yamlv3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/internal/yamlsplit"
	"github.com/tekwright/tekwright/pkg/diag"
)

// decoded returns JSON as Go values, with numbers as written.
func decoded(t *testing.T, j []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(j))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v), "%s", j)
	return v
}

// same compares a document with the result of kubectl.
func same(t *testing.T, text string) {
	t.Helper()
	want, err := yaml.YAMLToJSON([]byte(text))
	docs := parse(text)
	if len(docs) != 1 || docs[0].text == "" || docs[0].Root != nil && isJSON(text) {
		return // JSON is read as JSON
	}
	if anchoredBang.MatchString(text) {
		return // whose the ! is, its column says, and that of what is around
	}
	if strings.HasPrefix(text[skipBlank(text, 0):], "...") {
		return // the end of no document is no mistake here
	}
	d := docs[0]
	if strings.Contains(text[:d.start], "---") {
		return // an empty document, which is all that is compared, comes before
	}
	if d.Problem != nil {
		root, _ := d.parse()
		if root == nil {
			return // kubectl leaves out what stands behind the end of the document
		}
		// kubectl does not look at the value that a duplicate key overrides.
		hidden := again(root)
		if d.Problem.Trouble == Broken && !hidden {
			assert.Error(t, err, "%q: kubectl reads what is a problem here: %v\n%s", text, d.Problem.Message, want)
		}
		return
	}
	if assert.NoError(t, err, "%q: kubectl does not read this", text) && !twice(d.Root) {
		assert.Equal(t, decoded(t, want), decoded(t, d.Root.AppendJSON(nil)), "%q", text)
	}
}

// parse reads all documents of a stream.
func parse(stream string) []*Document { return slices.Collect(Documents(stream)) }

// isJSON reports whether a document begins with a value of JSON.
func isJSON(text string) bool {
	n, _, _ := readJSON(text[skipBlank(text, 0):])
	return n != nil && inBrackets(text)
}

// anchoredBang matches a tag ! on the line after an anchor, or before a line break
// that only YAML recognizes.
var anchoredBang = regexp.MustCompile(`&\S*[ \t]*(#.*)?[\r\n]\s*!(\s|$)|![\x{85}\x{2028}\x{2029}]`)

// again reports whether a document has duplicate keys.
func again(n *yamlv3.Node) bool {
	if n.Kind == yamlv3.MappingNode {
		keys := map[string]bool{}
		for i := 0; i < len(n.Content); i += 2 {
			if keys[n.Content[i].Value] {
				return true
			}
			keys[n.Content[i].Value] = true
		}
	}
	return slices.ContainsFunc(n.Content, again)
}

// twice reports whether a value has keys that are the same in JSON, such as 0 and 0e1:
// which one kubectl uses is random.
func twice(n *Node) bool {
	return len(n.Twice) > 0 || slices.ContainsFunc(n.Items, twice)
}

// scalars are read differently by YAML 1.1, YAML 1.2 and JSON.
var scalars = []string{
	"y", "Y", "yes", "Yes", "YES", "n", "No", "on", "On", "OFF", "true", "True", "TRUE", "tRue", "null", "Null", "~", "", "NULL", "nUll",
	"0", "-0", "+1", "1_000", "0755", "0o755", "-0o7", "0x1F", "0X1f", "-0x10", "0b101", "-0b11", "0b2", "08", "09.5", "1.0", "1.10", "1e3", "1E3", "1.e+3",
	".5", "-.5", ".", "..", "+.5", "1.", "1e", "e1", ".e1", "0.", "12e03", "-2E+05", "12:30:45", "190:20:30", "1,000", "9223372036854775807",
	"9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775809", "1e400", "-.INF", ".inf", "+.inf", ".NaN", ".nan",
	"2001-12-14", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10", "2001-1-1", "20011-1-1", "0001-01-01T00:00:00Z", "1-1-1", "=", "<<", "!!str 1",
	"!!int 1", "!!int '1'", "!!int x", "!!float 1", "!!float 18446744073709551615", "!!bool yes", "!!bool 1", "!!null x", "!!null ''", "!!null ~", "!!str", "!!str ~",
	"!!timestamp 2001-12-14", "!!timestamp x", "!!binary aGk=", "!!binary x", "!!binary gIGC", "!custom 1", "!custom x", "! 1", "! x", "! ~", "'1'", `"yes"`, "'~'", "''",
	"!!int ''", "!<tag:yaml.org,2002:int> 1", "&a 1", "&a !!str 1", "1 # one", "'it''s'", `"\x41\u00e9\U0001F600\n\t\"\\\/\_\N\L\P\e\a\0"`, "a\n  b\n\n  c", "|\n  a\n   b\n\n  c\n",
	">\n  a\n  b\n\n  c\n   d\n  e\n", "|-\n  a\n", ">+\n  a\n\n", "|2\n    a\n", "\ta", "a\tb", "[1, yes, ~, a]", "{a: 1, yes: 2, 3: 4, 1.5: x, 0x10: y}", "{1e3: a, .inf: b, -.inf: c, .nan: d}",
	"[[1], {a: [b]}]", "!!map {a: 1}", "!!seq [1]", "!!null {a: 1}", "!!set {a, b}", "{<<: {a: 1}, b: 2}", "{a: 0, <<: {a: 1, b: 1}, b: 2}", "{<<: [{a: 1}, {a: 2, b: 3}]}", "{'<<': {a: 1}}",
	"{<<: 1}", "{<<: [1]}", "{!!merge <<: {a: 1}}", "{? a : b, ? c}", "[a: b, c]", "{a: }", "{a, b: }", "[a, , b]", "- 1", "{\"a\":1}", "\"a\":1", "{a: {{ b }}}", "@x", "%x", "`x`", "*x", "-", "- ", "?", ":", ": a", "? a",
	"{null: 1}", "{~: 1}", "{18446744073709551615: 1}", "{2001-01-01: 1}", "{!!binary aGk=: 1}", "{!!str 1: 1}", "{!!float 1: 1}", "{on: 1, true: 2}", "{1: a, 0x1: b}", "{a: 1, a: 2}",
}

func TestScalars(t *testing.T) {
	for _, s := range scalars {
		same(t, "v: "+s+"\n")
		same(t, "- "+s+"\n")
		same(t, s+"\n")
		same(t, "? "+s+"\n: 1\n")
		same(t, "a: &a\n  k: "+s+"\nb: *a\nc:\n  <<: *a\n  d: *a\n")
		same(t, "[&x "+s+", *x]")
	}
}

// TestExamples reads all available YAML, of upstream and of this module.
func TestExamples(t *testing.T) {
	files := 0
	for _, dir := range append(modules(t), "../../examples") {
		require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".yaml" {
				return err
			}
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			for _, doc := range yamlsplit.Split(string(b)) {
				files++
				same(t, doc.Text)
			}
			return nil
		}))
	}
	assert.Greater(t, files, 300)
}

// modules are the directories with YAML in the modules of Tekton.
func modules(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, m := range []string{"pipeline", "triggers"} {
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tektoncd/"+m).Output()
		require.NoError(t, err)
		root := strings.TrimSpace(string(out))
		dirs = append(dirs, filepath.Join(root, "examples"), filepath.Join(root, "config"))
	}
	return dirs
}

// FuzzParse tests that any text is read like kubectl reads it.
func FuzzParse(f *testing.F) {
	for _, s := range scalars {
		f.Add("a: &a\n  k: " + s + "\nb: *a\nc:\n  <<: *a\n")
		f.Add("[&x " + s + ", *x]")
	}
	b, err := os.ReadFile("../../pkg/manifest/testdata/mistakes.yaml")
	require.NoError(f, err)
	for doc := range strings.SplitSeq(string(b), "---\n") {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, in string) {
		same(t, in)
		for _, d := range parse(in) {
			if d.Root == nil {
				continue
			}
			o := d.Outline(d.Root)
			for n, path := range paths(d.Root) {
				at := o.Place(path)
				assert.True(t, at.Line > 0 && at.Column > 0)
				assert.True(t, at.EndLine == 0 || at.EndLine > at.Line || at.EndLine == at.Line && at.EndColumn >= at.Column, "%+v", at)
				if n.Kind == String && len(n.Text) > 0 {
					o.Part(path, n.Text[len(n.Text)/2:])
				}
			}
		}
	})
}

// paths lists values of a document with their paths.
func paths(root *Node) map[*Node]diag.Path {
	all := map[*Node]diag.Path{}
	var walk func(path diag.Path, n *Node)
	walk = func(path diag.Path, n *Node) {
		if len(all) > 200 {
			return
		}
		all[n] = path
		for i, item := range n.Items {
			if n.Kind == Map {
				walk(path.Key(n.Keys[i].Name), item)
			} else {
				walk(path.Index(i), item)
			}
		}
	}
	walk(diag.Path{}, root)
	return all
}
