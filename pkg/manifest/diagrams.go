package manifest

import (
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/graph"
)

// Diagrams returns a diagram for each Pipeline of the set, and for each PipelineRun
// with an embedded pipeline, in the order of the set. Edges that follow from others
// are omitted. Diagrams does not apply rules; see [Set.Build].
func (s *Set) Diagrams() ([]graph.Diagram, error) {
	objects, err := s.Objects()
	if err != nil {
		return nil, err
	}
	var diagrams []graph.Diagram
	for _, o := range objects {
		switch t := o.Object.(type) {
		case *pipelinev1.Pipeline:
			diagrams = append(diagrams, diagram("Pipeline "+t.Name, &t.Spec))
		case *pipelinev1.PipelineRun:
			if t.Spec.PipelineSpec != nil {
				diagrams = append(diagrams, diagram("PipelineRun "+t.Name+t.GenerateName, t.Spec.PipelineSpec))
			}
		}
	}
	return diagrams, nil
}

func diagram(title string, spec *pipelinev1.PipelineSpec) graph.Diagram {
	p := graph.Diagram{Title: title, Graph: graph.New(), Labels: map[string]string{}}
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
	label := func(t *pipelinev1.PipelineTask) {
		if t.TaskRef != nil && t.TaskRef.Name != "" && t.TaskRef.Name != t.Name {
			p.Labels[t.Name] = t.Name + "\n" + t.TaskRef.Name
		}
	}
	for i := range spec.Tasks {
		label(&spec.Tasks[i])
	}
	box := graph.Subgraph{Title: "finally"}
	for i := range spec.Finally {
		label(&spec.Finally[i])
		box.Nodes = append(box.Nodes, spec.Finally[i].Name)
	}
	if len(box.Nodes) > 0 {
		p.Subgraphs = append(p.Subgraphs, box)
	}
	return p
}
