package check

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/graph"
	"github.com/tekwright/tekwright/pkg/object"
)

// Graph returns the task graph of a pipeline. A task has an edge to another if it
// runs after it, because of runAfter or because it uses a result. Every task is a
// node of the graph; finally tasks have no edges. Graph does not check the
// pipeline: see [Run].
func Graph(spec *v1.PipelineSpec) (g *graph.Graph) {
	g = graph.New()
	if spec == nil {
		return g
	}
	for i := range spec.Tasks {
		g.AddNodes(spec.Tasks[i].Name)
	}
	for i := range spec.Finally {
		g.AddNodes(spec.Finally[i].Name)
	}
	set := facts.New([]object.Object{{Object: &v1.Pipeline{Spec: *spec}}})
	found := set.Entries()[0].PipelineSpec().Graph()
	for _, n := range found.Nodes() {
		for _, after := range found.After(n) {
			g.AddEdge(n, after)
		}
	}
	return g
}
