package graph

import (
	"strconv"
	"strings"
	"unicode"
)

// Diagram is a drawing of a graph.
type Diagram struct {
	Title string // optional
	Graph *Graph
	// Labels maps names of nodes to labels. A node without a label is drawn with
	// its name. A label may have several lines, separated by "\n".
	Labels map[string]string
	// Shapes maps names of nodes to shapes. The default is Box.
	Shapes map[string]Shape
	// Subgraphs are groups of nodes, each drawn in a box with a title. A node that
	// is in several groups is drawn in the first one.
	Subgraphs []Subgraph
}

// Shape is the shape of a node in a Diagram.
type Shape int

// The shapes of nodes.
const (
	Box     Shape = iota
	Stack         // a box that is drawn as several, for what runs several times
	Hexagon       // for a node of another kind
)

// Subgraph is a group of nodes in a Diagram.
type Subgraph struct {
	Title string
	Nodes []string // names; those that are not in the graph are ignored
}

// Mermaid returns the diagram in the Mermaid language, which GitHub and other
// Markdown viewers can draw. Arrows point from a node to the nodes that run after
// it. The output is deterministic.
func (d Diagram) Mermaid() string {
	var b strings.Builder
	if d.Title != "" {
		b.WriteString("---\ntitle: " + strconv.Quote(oneLine(readable(d.Title))) + "\n---\n")
	}
	b.WriteString("flowchart LR\n")
	d.each(drawing{
		open:  func(box int, title string) { b.WriteString("  subgraph b" + itoa(box) + "[" + mermaid(title) + "]\n") },
		close: func() { b.WriteString("  end\n") },
		node: func(n int, label string, shape Shape, inside bool) {
			left, right := "[", "]"
			switch shape {
			case Stack:
				left, right = "[[", "]]"
			case Hexagon:
				left, right = "{{", "}}"
			}
			b.WriteString(margin(inside) + "n" + itoa(n) + left + mermaid(label) + right + "\n")
		},
		edge: func(from, to int) { b.WriteString("  n" + itoa(from) + " --> n" + itoa(to) + "\n") },
	})
	return b.String()
}

// DOT returns the diagram in DOT, the language of Graphviz. Arrows point from a
// node to the nodes that run after it. The output is deterministic.
func (d Diagram) DOT() string {
	var b strings.Builder
	b.WriteString("digraph {\n  rankdir=LR;\n  node [shape=box];\n")
	if d.Title != "" {
		b.WriteString("  label=" + dot(d.Title) + ";\n")
	}
	d.each(drawing{
		open: func(box int, title string) {
			b.WriteString("  subgraph cluster" + itoa(box) + " {\n    label=" + dot(title) + ";\n")
		},
		close: func() { b.WriteString("  }\n") },
		node: func(n int, label string, shape Shape, inside bool) {
			more := ""
			switch shape {
			case Stack:
				more = ", shape=box3d"
			case Hexagon:
				more = ", shape=hexagon"
			}
			b.WriteString(margin(inside) + "n" + itoa(n) + " [label=" + dot(label) + more + "];\n")
		},
		edge: func(from, to int) { b.WriteString("  n" + itoa(from) + " -> n" + itoa(to) + ";\n") },
	})
	b.WriteString("}\n")
	return b.String()
}

// drawing writes the parts of a diagram in a language.
type drawing struct {
	open  func(box int, title string)
	close func()
	node  func(n int, label string, shape Shape, inside bool)
	edge  func(from, to int)
}

// each draws the nodes without a box, then the boxes, then the edges, each in the
// order of declaration.
func (d Diagram) each(out drawing) {
	names := d.Graph.Nodes()
	index := make(map[string]int, len(names))
	for i, n := range names {
		index[n] = i
	}
	boxOf := map[string]int{}
	for i, box := range d.Subgraphs {
		for _, n := range box.Nodes {
			if _, taken := boxOf[n]; !taken {
				boxOf[n] = i
			}
		}
	}
	draw := func(n string, inside bool) {
		label, ok := d.Labels[n]
		if !ok {
			label = n
		}
		out.node(index[n], label, d.Shapes[n], inside)
	}
	for _, n := range names {
		if _, boxed := boxOf[n]; !boxed {
			draw(n, false)
		}
	}
	for i, box := range d.Subgraphs {
		out.open(i, box.Title)
		for _, n := range names {
			if at, boxed := boxOf[n]; boxed && at == i {
				draw(n, true)
			}
		}
		out.close()
	}
	for _, n := range names {
		for _, a := range d.Graph.After(n) {
			out.edge(index[a], index[n])
		}
	}
}

func margin(inside bool) string {
	if inside {
		return "    "
	}
	return "  "
}

func itoa(n int) string { return strconv.Itoa(n) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// mermaid quotes a label. Mermaid has entities but no escapes, and reads entities with a # in
// a way of its own. Also within quotes, %%{ begins a directive, $$ a formula, and a backquote
// Markdown.
func mermaid(s string) string {
	r := strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;", "#", "&num;", "`", "&grave;",
		"%%", "&percnt;&percnt;", "$$", "&dollar;&dollar;", "\n", "<br>")
	return `"` + r.Replace(readable(s)) + `"`
}

// dot quotes a label.
func dot(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(readable(s)) + `"`
}

// readable returns a text without control characters, which neither language has a form for,
// except line breaks.
func readable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r':
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
