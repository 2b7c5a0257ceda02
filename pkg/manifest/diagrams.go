package manifest

import (
	"strings"
	"unicode/utf8"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/graph"
	"github.com/tekwright/tekwright/pkg/object"
)

// Diagrams returns a diagram for each Pipeline of the set, and for each PipelineRun
// with an embedded pipeline, in the order of the set. Edges that follow from others
// are omitted. A task with a matrix is a [graph.Stack], and one that is not a Task, such
// as a custom task, is a [graph.Hexagon]. The labels have what a matrix runs over, and the
// when expressions. Diagrams does not apply rules; see [Set.Build].
func (s *Set) Diagrams() ([]graph.Diagram, error) {
	objects, err := s.Objects()
	if err != nil {
		return nil, err
	}
	var diagrams []graph.Diagram
	for _, o := range objects {
		if d, ok := diagramOf(o); ok {
			diagrams = append(diagrams, d)
		}
	}
	return diagrams, nil
}

// diagramOf returns the diagram of an object, if it has a pipeline.
func diagramOf(o object.Object) (graph.Diagram, bool) {
	switch t := o.Object.(type) {
	case *pipelinev1.Pipeline:
		return diagram("Pipeline "+t.Name, &t.Spec), true
	case *pipelinev1.PipelineRun:
		if t.Spec.PipelineSpec != nil {
			return diagram("PipelineRun "+t.Name+t.GenerateName, t.Spec.PipelineSpec), true
		}
	}
	return graph.Diagram{}, false
}

func diagram(title string, spec *pipelinev1.PipelineSpec) graph.Diagram {
	p := graph.Diagram{Title: title, Graph: graph.New(), Labels: map[string]string{}, Shapes: map[string]graph.Shape{}}
	whole := check.Graph(spec)
	var edges []graph.Edge
	for _, n := range whole.Nodes() {
		p.Graph.AddNodes(n)
		for _, after := range whole.After(n) {
			edges = append(edges, graph.Edge{Node: n, After: after})
		}
	}
	for _, e := range graph.Reduce(nil, edges) {
		p.Graph.AddEdge(e.Node, e.After)
	}
	draw := func(t *pipelinev1.PipelineTask) {
		if lines := labelOf(t); len(lines) > 1 {
			p.Labels[t.Name] = strings.Join(lines, "\n")
		}
		p.Shapes[t.Name] = shapeOf(t)
	}
	for i := range spec.Tasks {
		draw(&spec.Tasks[i])
	}
	box := graph.Subgraph{Title: "finally"}
	for i := range spec.Finally {
		draw(&spec.Finally[i])
		box.Nodes = append(box.Nodes, spec.Finally[i].Name)
	}
	if len(box.Nodes) > 0 {
		p.Subgraphs = append(p.Subgraphs, box)
	}
	return p
}

// shapeOf returns the shape of a task.
func shapeOf(t *pipelinev1.PipelineTask) graph.Shape {
	switch {
	case another(t) != "":
		return graph.Hexagon
	case t.Matrix != nil:
		return graph.Stack
	}
	return graph.Box
}

// another returns the kind of what a task runs, if this is not a Task.
func another(t *pipelinev1.PipelineTask) string {
	switch {
	case t.PipelineRef != nil || t.PipelineSpec != nil:
		return "Pipeline"
	case t.TaskRef != nil && t.TaskRef.APIVersion != "" && !strings.HasPrefix(t.TaskRef.APIVersion, "tekton.dev/"):
		return string(t.TaskRef.Kind)
	case t.TaskSpec != nil && t.TaskSpec.APIVersion != "" && !strings.HasPrefix(t.TaskSpec.APIVersion, "tekton.dev/"):
		return t.TaskSpec.Kind
	}
	return ""
}

// labelOf returns the lines of the label of a task. The first one is its name.
func labelOf(t *pipelinev1.PipelineTask) []string {
	lines := []string{t.Name}
	name := ""
	switch {
	case t.PipelineRef != nil:
		name = t.PipelineRef.Name
	case t.TaskRef != nil && t.TaskRef.Name != t.Name:
		name = t.TaskRef.Name
	}
	if name = strings.TrimSpace(another(t) + " " + name); name != "" {
		lines = append(lines, short(name))
	}
	if t.Matrix != nil {
		var over []string
		for _, p := range t.Matrix.Params {
			over = append(over, p.Name)
		}
		for _, in := range t.Matrix.Include {
			if in.Name != "" {
				over = append(over, in.Name)
			}
		}
		lines = append(lines, short(strings.TrimSuffix("matrix: "+strings.Join(over, ", "), ": ")))
	}
	for _, w := range t.When {
		if w.CEL != "" {
			lines = append(lines, short("when "+w.CEL))
			continue
		}
		lines = append(lines, short("when "+w.Input+" "+string(w.Operator)+" "+strings.Join(w.Values, ", ")))
	}
	return lines
}

// short returns a text in one line that fits into a diagram.
func short(text string) string {
	const most = 60
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
