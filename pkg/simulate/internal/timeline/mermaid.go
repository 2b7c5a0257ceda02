package timeline

import (
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
	"github.com/tekwright/tekwright/pkg/graph"
	"github.com/tekwright/tekwright/pkg/simulate"
)

// Mermaid returns each way in which a run can go as a diagram in the Mermaid language: the
// tasks with what became of them, and what they wait for.
func Mermaid(ways *simulate.Ways) string {
	all := make([]string, len(ways.Ways))
	for i, w := range ways.Ways {
		all[i] = diagram(w.Result, assumed(w))
	}
	return strings.Join(all, "\n")
}

func diagram(r *simulate.Result, assumed printable.Safe) string {
	d := graph.Diagram{
		Title: r.Kind + " " + r.Name + ": " + ending(r.Condition) + string(assumed), Graph: graph.New(),
		Labels: map[string]string{}, Shapes: map[string]graph.Shape{},
	}
	var finally []string
	for _, t := range r.Tasks {
		d.Graph.AddNodes(t.Name)
		d.Labels[t.Name] = t.Name + "\n" + label(t)
		switch {
		case len(t.Runs) > 1:
			d.Shapes[t.Name] = graph.Stack
		case t.Type != simulate.TypeTask:
			d.Shapes[t.Name] = graph.Hexagon
		}
		if t.Finally {
			finally = append(finally, t.Name)
		}
	}
	for _, e := range edges(r.Tasks) {
		d.Graph.AddEdge(e.Node, e.After)
	}
	if len(finally) > 0 {
		d.Subgraphs = []graph.Subgraph{{Title: "finally", Nodes: finally}}
	}
	return d.Mermaid()
}

// label is what became of a task, in a few words.
func label(t simulate.Task) string {
	text := strings.ReplaceAll(string(t.State), "-", " ")
	if len(t.Runs) > 0 {
		text += ", " + span(t)
	}
	return text
}

// edges are the edges to show: those that follow from others are left out. A task of the
// finally section has none.
func edges(all []simulate.Task) []graph.Edge {
	var edges []graph.Edge
	for _, t := range all {
		for _, before := range t.After {
			edges = append(edges, graph.Edge{Node: t.Name, After: before})
		}
	}
	return graph.Reduce(nil, edges)
}
