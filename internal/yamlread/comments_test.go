package yamlread

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// comments describes the comments of a stream: line:column, the lines it is about, and the
// text.
func comments(stream string) (all []string) {
	for doc := range Documents(stream) {
		for _, c := range doc.Comments("tw:") {
			text := fmt.Sprintf("%d:%d %d-%d %s", c.Position.Line, c.Position.Column, c.First, c.Last, strings.TrimSpace(c.Text))
			if b := c.Script; b != nil {
				text += fmt.Sprintf(" in %s, line %d of %d, offset %d", b.Key, b.Line, b.First, b.Offset)
			}
			all = append(all, text)
		}
	}
	return all
}

func TestComments(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"at the end of a line":          {"a: 1\nb: 2 # tw: x\nc: 3\n", []string{"2:6 2-2 x"}},
		"above a line":                  {"a: 1\n# tw: x\nb: 2\nc: 3\n", []string{"2:1 3-3 x"}},
		"above a map":                   {"# tw: x\na:\n  b: 1\n\n  c: 2\n# other\nd: 3\n", []string{"1:1 2-6 x"}},
		"above a list without indent":   {"# tw: x\na:\n- b\n- c\nd: 3\n", []string{"1:1 2-4 x"}},
		"above the last item":           {"a:\n# tw: x\n- b: 1\n  c: 2\n", []string{"2:1 3-4 x"}},
		"above a list item":             {"a:\n  # tw: x\n  - b: 1\n    c: 2\n  - d: 1\n", []string{"2:3 3-4 x"}},
		"above the first key of a map":  {"a:\n  # tw: x\n  b:\n    - 1\n  c: 2\n", []string{"2:3 3-4 x"}},
		"above several lines":           {"# tw: x\n\n# tw: y\n# other\na: 1\nb: 2\n", []string{"1:1 5-5 x", "3:1 5-5 y"}},
		"in a flow collection":          {"a: [\n  # tw: x\n  b, c,\n  d]\ne: 1\n", []string{"2:3 3-3 x"}},
		"above a flow collection":       {"# tw: x\na: [\n  b,\n  d]\ne: 1\n", []string{"1:1 2-4 x"}},
		"behind a key":                  {"a: # tw: x\n  b: 1\n", []string{"1:4 1-1 x"}},
		"behind another comment":        {"a: 1 # why # tw: x\n", []string{"1:12 1-1 x"}},
		"behind another comment, above": {"# why # tw: x\na: 1\n", []string{"1:7 2-2 x"}},
		"at the end":                    {"a: 1\n# tw: x\n", []string{"2:1 0-0 x"}},
		"without blanks":                {"a: 1\n#tw:x\nb: 1\n", []string{"2:1 3-3 x"}},
		"not a comment":                 {"a: 1#tw: x\nb: x# tw: y\n", nil},
		"another word before":           {"a: 1 # see tw: x\n", nil},
		"in single quotes":              {"a: '# tw: x'' # tw: y' # tw: z\n", []string{"1:24 1-1 z"}},
		"in double quotes":              {`a: "# tw: x\" # tw: y" # tw: z` + "\n", []string{"1:24 1-1 z"}},
		"in quotes of several lines":    {"a: \"b\n  # tw: x\n  c\" # tw: z\n", []string{"3:6 3-3 z"}},
		"in a quoted key":               {"\"a # tw: x\": 1 # tw: z\n", []string{"1:16 1-1 z"}},
		"behind a quoted key":           {"\"a\": # tw: z\n  1\n", []string{"1:6 1-1 z"}},
		"behind a plain text":           {"a: b\n  c # tw: x\nd: 1\n", []string{"2:5 2-2 x"}},
		"in a literal block": {"a: |\n  b\n  # tw: x\n# tw: y\nc: 1\n",
			[]string{"3:3 0-0 x in a, line 1 of 2, offset 2", "4:1 5-5 y"}},
		"in a literal block with blank lines": {"a: |-\n\n  b # tw: x\n\n  c\n", []string{"3:5 0-0 x in a, line 1 of 2, offset 3"}},
		"in a folded block":                   {"a: >\n  b\n  # tw: x\nc: 1\n", nil},
		"below a block, indented less":        {"a:\n  b: |\n      c\n    # tw: x\n  d: 1\n", []string{"4:5 5-5 x"}},
		"behind the header of a block":        {"a: | # tw: x\n  b\n\n  c\nd: 1\n", []string{"1:6 1-4 x"}},
		"behind the header of the last block": {"a:\n- |- # tw: x\n  b\n  c", []string{"2:6 2-4 x"}},
		"a block with its own indentation":    {"a: |1\n  b\n  # tw: x\nc: 1\n", []string{"3:3 0-0 x in a, line 1 of 2, offset 4"}},
		"an anchor":                           {"a: &x |\n  b\n  # tw: x\nc: *x\n", []string{"3:3 0-0 x in a, line 1 of 2, offset 2"}},
		"aliases":                             {"a: &x\n  b: 1\n# tw: x\nc: *x\nd:\n  <<: *x # tw: y\n  e: 1\n", []string{"3:1 4-4 x", "6:10 6-6 y"}},
		"documents":                           {"# tw: x\na: 1\n---\n# tw: y\nb: 1\n# tw: z\n---\nc: 1\n", []string{"1:1 2-2 x", "4:1 5-6 y", "6:1 0-0 z"}},
		"behind the marker":                   {"a: 1\n--- # tw: x\nb: 1\n", []string{"2:5 3-3 x"}},
		"a comment only":                      {"# tw: x\n---\n# tw: y\n", nil},
		"a byte order mark":                   {"\ufeff# tw: x\na: 1\n", []string{"1:1 2-2 x"}},
		"carriage returns":                    {"# tw: x\r\na:\r\n- b # tw: y\r\n- c\r\n", []string{"1:1 2-4 x", "3:5 3-3 y"}},
		"JSON":                                {`{"a": "# tw: x", "b # tw: y": 1}` + "\n", nil},
		"other letters":                       {"é: ü # tw: x\n", []string{"1:6 1-1 x"}},
		"a text as the document":              {"|\n  # tw: x\n", nil},
	} {
		assert.Equal(t, c.want, comments(c.text), name)
	}
}

// FuzzComments tests that comments are about lines of the text, and that a text without
// them is the same value: what is found is not part of it.
func FuzzComments(f *testing.F) {
	for _, s := range []string{"a: |\n  # tw: x\n# tw: y\n", "a: '# tw: x'\n", "- [a, # tw: x\n b]\n", "a: &b >2\n   # tw: y\nc: *b\n", "\"# tw: a\": x # tw: b\n", "? |\n  # tw: x\n: # tw: y\n  z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, stream string) {
		lines := strings.Count(stream, "\n") + 1
		for doc := range Documents(stream) {
			for _, c := range doc.Comments("tw:") {
				require.Positive(t, c.Position.Line)
				require.LessOrEqual(t, c.First, c.Last)
				require.LessOrEqual(t, c.Last, lines)
				require.NotContains(t, c.Text, "\n")
				if b := c.Script; b != nil {
					require.Equal(t, byte('#'), b.Text[b.Offset])
					require.Equal(t, b.Line, strings.Count(b.Text[:b.Offset], "\n"))
					continue
				}
				require.True(t, c.First == 0 || c.First >= c.Position.Line, "%v", c)
			}
		}
	})
}
