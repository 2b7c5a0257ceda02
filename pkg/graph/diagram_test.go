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
	assert.Contains(t, m, `["b&quot;&lt;&amp;&#35;"]`)
	assert.Contains(t, m, `title: "t \"x\" y"`)
	assert.Equal(t, 1, strings.Count(m, "-->"))
}
