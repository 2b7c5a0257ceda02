package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/graph"
)

func ExampleDiagram() {
	g := graph.New()
	g.AddNodes("clone", "test", "image", "rollback")
	g.AddEdge("test", "clone")
	g.AddEdge("image", "test")
	fmt.Print(graph.Diagram{
		Title: "release", Graph: g,
		Labels:    map[string]string{"image": "image\nkaniko"},
		Subgraphs: []graph.Subgraph{{Title: "finally", Nodes: []string{"rollback"}}},
	}.Mermaid())
	// Output:
	// ---
	// title: "release"
	// ---
	// flowchart LR
	//   n0["clone"]
	//   n1["test"]
	//   n2["image<br>kaniko"]
	//   subgraph b0["finally"]
	//     n3["rollback"]
	//   end
	//   n0 --> n1
	//   n1 --> n2
}

func TestDiagram(t *testing.T) {
	assert.Equal(t, "flowchart LR\n", graph.Diagram{}.Mermaid())
	g := graph.New()
	g.AddEdge(`b"<&#`, `a\`)
	p := graph.Diagram{Graph: g, Title: "t \"x\"\ny", Subgraphs: []graph.Subgraph{{Title: "one", Nodes: []string{"none", `a\`}}, {Title: "two", Nodes: []string{`a\`}}}}
	assert.Equal(t, `digraph {
  rankdir=LR;
  node [shape=box];
  label="t \"x\"\ny";
  n0 [label="b\"<&#"];
  subgraph cluster0 {
    label="one";
    n1 [label="a\\"];
  }
  subgraph cluster1 {
    label="two";
  }
  n1 -> n0;
}
`, p.DOT())
	m := p.Mermaid()
	assert.Contains(t, m, `["b&quot;&lt;&amp;&num;"]`)
	assert.Contains(t, m, `title: "t \"x\" y"`)
	assert.Equal(t, 1, strings.Count(m, "-->"))
}

// TestDiagramHostile tests that a label is neither a part of the diagram nor a setting of what
// draws it.
func TestDiagramHostile(t *testing.T) {
	plain := graph.New()
	plain.AddNodes("a")
	for _, text := range []string{
		"%%{init: {'theme': 'forest', 'themeCSS': '* { display: none }'}}%%", "a]\"]\nclick n0 href \"javascript:alert(1)\"", "`**bold**`", "$$\\href{javascript:x}{y}$$",
		"<img src=x onerror=alert(1)>", "#quot;#35;&quot;", "a\r\nb\x00\x1b[31m\u0085\u2028c", "end\n---\nconfig: {}\n---", `x\`, `\\" ]; evil [URL="x"`, "\xff\xfe",
	} {
		d := graph.Diagram{Title: text, Graph: plain, Labels: map[string]string{"a": text}, Subgraphs: []graph.Subgraph{{Title: text, Nodes: []string{"a"}}}}
		m := d.Mermaid()
		title, rest, ok := strings.Cut(strings.TrimPrefix(m, "---\ntitle: "), "\n---\n")
		assert.True(t, ok, m)
		assert.NotContains(t, title, "\n")
		lines := strings.Split(rest, "\n")
		if assert.Len(t, lines, 5, m) {
			assert.Regexp(t, "^flowchart LR$", lines[0])
			assert.Regexp(t, `^  subgraph b0\["[^"]*"\]$`, lines[1])
			assert.Regexp(t, `^    n0\["[^"]*"\]$`, lines[2])
			assert.Equal(t, "  end", lines[3])
		}
		without := strings.ReplaceAll(rest, "<br>", "")
		assert.NotRegexp(t, "[<>#`\\x00-\\x09\\x0b-\\x1f\\x{85}\\x{2028}]|%%|\\$\\$", without)
		dot := d.DOT()
		assert.NotRegexp(t, "[\\x00-\\x09\\x0b-\\x1f]", dot)
		assert.Len(t, strings.Split(dot, "\n"), 10, dot)
		for line := range strings.Lines(dot) {
			if _, label, ok := strings.Cut(line, "label="); ok {
				assert.Regexp(t, `^"([^"\\]|\\.)*"(\];|;)\n$`, label)
			}
		}
	}
}
