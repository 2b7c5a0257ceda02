package yamlread

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/diag"
)

// bomb returns a document whose aliases are lists of aliases.
func bomb(levels, width int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := 1; i <= levels; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), width), ", "))
	}
	return b.String()
}

// TestLimits tests that large documents are read or rejected. How the time grows with
// the size is tested with the command, see package growth.
func TestLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large texts")
	}
	for name, c := range map[string]struct {
		in, want string
	}{
		"bomb":            {bomb(9, 9), errSpread.Error()},
		"deep bomb":       {bomb(80, 2), errSpread.Error()},
		"deep aliases":    {bomb(150, 1), errTooDeep.Error()},
		"merge bomb":      {strings.ReplaceAll(strings.ReplaceAll(bomb(9, 9), "[x]", "{x: 1}"), "[*", "[{<<: *"), "holds"},
		"text bomb":       {"a: &a " + strings.Repeat("x", 1<<20) + "\nb: [" + strings.Repeat("*a,", 100) + "]\n", errSpread.Error()},
		"fair aliases":    {"a: &a {x: 1}\nb: [" + strings.Repeat("*a,", 1000) + "]\n", ""},
		"large stream":    {strings.Repeat("a", maxStream+1), "the stream is larger than the limit of 64 MiB"},
		"large document":  {"a: " + strings.Repeat("a", maxDocument), "the document is larger than the limit of 16 MiB"},
		"many values":     {"a: [" + strings.Repeat("1,", maxSigns) + "]", "the document has more than 2 million characters that can begin a value: line breaks and , : - [ { ?"},
		"many small":      {strings.Repeat("---\n- - -\n", maxAllSigns/8+1), "the stream has too many values"},
		"wide list":       {"a: [" + strings.Repeat("1,", 200_000) + "]", ""},
		"one line":        {"a: [" + strings.Repeat("x,", 1_000_000) + "&a x: 1" + strings.Repeat(",*a ", 100_000) + strings.Repeat(",*a : 1", 100_000) + "]\n", ""},
		"wide map":        {strings.Repeat("k: v\n", 100_000), ""},
		"many keys":       {keys(100_000), ""},
		"one key":         {strings.Repeat("k", 100_000) + ": v\n", "could not"},
		"comments":        {"a: 1\n" + strings.Repeat("# c\n", 100_000) + "b: 1\n", ""},
		"many comments":   {strings.Repeat("# c\na: # d\n- 1 # e\n# f\n", 50_000), ""},
		"blank lines":     {"a: |\n" + strings.Repeat("\n", 500_000) + "  x\n", ""},
		"folded":          {"a: >\n" + strings.Repeat("  x\n", 200_000), ""},
		"quotes":          {"a: \"" + strings.Repeat("x\n ", 200_000) + "\"", ""},
		"json":            {`{"a":[` + strings.TrimSuffix(strings.Repeat("{},", 200_000), ",") + "]}", ""},
		"many documents":  {strings.Repeat("---\na: 1\n", 20_000), ""},
		"many json":       {strings.Repeat("{\"a\": 1}\n", 20_000), ""},
		"broken json":     {`{"a": [` + strings.Repeat("1,", 200_000), "unclosed bracket"},
		"deep json":       {`{"a": ` + strings.Repeat("[1,", 200_000), errTooDeep.Error()}, // nobody looks for its end
		"broken at end":   {strings.Repeat("a: [1]\n", 50_000) + "b: [", "unclosed bracket"},
		"anchors":         {anchors(50_000), ""},
		"tags":            {strings.Repeat("- !!str &a 1\n", 50_000), ""},
		"template":        {strings.Repeat("---\na: {{ b }}\n", 10_000), "the file is a template"},
		"broken all over": {strings.Repeat("---\na: [\n", 5_000), "unclosed bracket"},
	} {
		t.Run(name, func(t *testing.T) {
			docs := parse(c.in)
			require.NotEmpty(t, docs)
			p := docs[len(docs)-1].Problem
			if c.want == "" {
				require.Nil(t, p, "%v", p)
				o := docs[0].Outline(docs[0].Root)
				for range 100 {
					o.Place(diag.Fields("a").Index(7))
				}
			} else if assert.NotNil(t, p) && c.want != "holds" && c.want != "could not" {
				assert.Contains(t, p.Message, c.want)
			}
		})
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: v\n", i)
	}
	return b.String()
}

func anchors(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- &a%d x\n- *a%d\n", i, i)
	}
	return b.String()
}
