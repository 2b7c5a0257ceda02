package graph

import (
	"strconv"
	"strings"
)

// Diagram is a graph with what a person wants to see beside its nodes.
type Diagram struct {
	Title string // above the picture; may be empty
	Graph *Graph
	// Labels are what stands in the nodes, by name; a node without one shows
	// its name. A line break begins a new line.
	Labels map[string]string
	// Subgraphs are nodes that are drawn in a box with a title. A node stands in
	// the first box that names it.
	Subgraphs []Subgraph
}

// Subgraph is a group of nodes.
type Subgraph struct {
	Title string
	Nodes []string // by name; those that the graph does not have are left out
}

// Mermaid returns the picture in the language of Mermaid, which many readers of
// Markdown draw: arrows lead from what runs first to what runs after it. The
// same picture gives the same text.
func (p Diagram) Mermaid() string {
	var b strings.Builder
	if p.Title != "" {
		b.WriteString("---\ntitle: " + strconv.Quote(oneLine(p.Title)) + "\n---\n")
	}
	b.WriteString("flowchart LR\n")
	p.each(drawing{
		open:  func(box int, title string) { b.WriteString("  subgraph b" + itoa(box) + "[" + mermaid(title) + "]\n") },
		close: func() { b.WriteString("  end\n") },
		node: func(n int, label string, inside bool) {
			b.WriteString(margin(inside) + "n" + itoa(n) + "[" + mermaid(label) + "]\n")
		},
		edge: func(from, to int) { b.WriteString("  n" + itoa(from) + " --> n" + itoa(to) + "\n") },
	})
	return b.String()
}

// DOT returns the picture in the language of Graphviz.
func (p Diagram) DOT() string {
	var b strings.Builder
	b.WriteString("digraph {\n  rankdir=LR;\n  node [shape=box];\n")
	if p.Title != "" {
		b.WriteString("  label=" + dot(p.Title) + ";\n")
	}
	p.each(drawing{
		open: func(box int, title string) {
			b.WriteString("  subgraph cluster" + itoa(box) + " {\n    label=" + dot(title) + ";\n")
		},
		close: func() { b.WriteString("  }\n") },
		node: func(n int, label string, inside bool) {
			b.WriteString(margin(inside) + "n" + itoa(n) + " [label=" + dot(label) + "];\n")
		},
		edge: func(from, to int) { b.WriteString("  n" + itoa(from) + " -> n" + itoa(to) + ";\n") },
	})
	b.WriteString("}\n")
	return b.String()
}

// drawing is what a language has for the parts of a picture.
type drawing struct {
	open  func(box int, title string)
	close func()
	node  func(n int, label string, inside bool)
	edge  func(from, to int)
}

// each draws the nodes without a box, the boxes, and the edges, each in the
// order of declaration.
func (p Diagram) each(d drawing) {
	names := p.Graph.Nodes()
	index := make(map[string]int, len(names))
	for i, n := range names {
		index[n] = i
	}
	boxOf := map[string]int{}
	for i, box := range p.Subgraphs {
		for _, n := range box.Nodes {
			if _, taken := boxOf[n]; !taken {
				boxOf[n] = i
			}
		}
	}
	draw := func(n string, inside bool) {
		label, ok := p.Labels[n]
		if !ok {
			label = n
		}
		d.node(index[n], label, inside)
	}
	for _, n := range names {
		if _, boxed := boxOf[n]; !boxed {
			draw(n, false)
		}
	}
	for i, box := range p.Subgraphs {
		d.open(i, box.Title)
		for _, n := range names {
			if at, boxed := boxOf[n]; boxed && at == i {
				draw(n, true)
			}
		}
		d.close()
	}
	for _, n := range names {
		for _, a := range p.Graph.After(n) {
			d.edge(index[a], index[n])
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

// mermaid quotes a label: Mermaid knows entities and no escapes.
func mermaid(s string) string {
	r := strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;", "#", "&#35;", "\r", "", "\n", "<br>")
	return `"` + r.Replace(s) + `"`
}

// dot quotes a label.
func dot(s string) string {
	r := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", `\n`)
	return `"` + r.Replace(s) + `"`
}
