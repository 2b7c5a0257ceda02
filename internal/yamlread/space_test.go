package yamlread

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/diag"
)

// TestReaderAgain reads streams with one Reader, whose nodes are used again, and compares
// each document with that of Documents.
func TestReaderAgain(t *testing.T) {
	var large strings.Builder
	large.WriteString("list:\n")
	for i := range (maxSlabs + 2) * slab {
		fmt.Fprintf(&large, "- item-%d\n", i)
	}
	script := "script: |\n  #!/bin/sh\n" + strings.Repeat("  echo \"one line of a script\"\n", 9)
	r := NewReader()
	for _, stream := range []string{
		"a: 1\nb: [x, 'y z', \"\\u0041\"]\n---\nc: {d: 0755, e: yes}\n",
		large.String() + "---\na: b\n",
		"a: b\n---\n" + script + "---\n" + script,
		"a: &x {k: v}\nb: *x\n---\na: {<<: *x}\n---\nc: d\n", // an unknown anchor
		"a: b\na: c\n---\n{\"j\": [1, 2]}\n{\"j\": 3}\n---\n",
		"a: [\n---\nb: c\n",
		"kind: Task\nmetadata: {name: \"{{ x }}\"}\n---\na: b\n",
		"tekton: " + PipelinesAsCode + "\n---\nname: {{ name }}\n---\na: {{ b }}\n",
		large.String(),
		"a: ''\n---\na:\n",
	} {
		var want, got []string
		for d := range Documents(stream) {
			want = append(want, shown(d))
		}
		for d := range r.Documents(stream) {
			got = append(got, shown(d))
		}
		require.Equal(t, want, got)
	}
	r.reset()
	assert.Len(t, r.slabs, maxSlabs, "the memory of a large document is not kept")
}

// shown returns all that is known about a document.
func shown(d *Document) string {
	text, start := d.Extent()
	if d.Root == nil {
		return fmt.Sprint(start, len(text), d.Line, *d.Problem)
	}
	var b strings.Builder
	fmt.Fprint(&b, start, len(text), d.Line, d.Anchors, d.Outline(d.Root).Place(diag.Path{}), string(d.Root.AppendJSON(nil)))
	var walk func(n *Node, depth int)
	walk = func(n *Node, depth int) {
		fmt.Fprint(&b, "\n", depth, n.Mark, n.Kind, n.style, n.shared, n.Written, n.Keys, n.Twice)
		for _, item := range n.Items {
			walk(item, depth+1)
		}
	}
	walk(d.Root, 0)
	return b.String()
}

func TestReaderOnce(t *testing.T) {
	script := "script: |\n" + strings.Repeat("  echo \"one line of a script\"\n", 3)
	var texts []string
	r := NewReader()
	for range 2 {
		for d := range r.Documents(strings.Clone("a: b\n---\n" + script)) {
			if n := d.Root.Get("script"); n != nil {
				texts = append(texts, n.Text)
			}
		}
	}
	require.Len(t, texts, 2)
	assert.Equal(t, texts[0], texts[1])
	assert.Same(t, unsafe.StringData(texts[0]), unsafe.StringData(texts[1]))
}
