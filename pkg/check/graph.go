package check

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/graph"
	"github.com/tekwright/tekwright/pkg/object"
)

// Graph returns which task of a pipeline runs after which: because it says so,
// or because it takes a result of the other. Every task is a node, those of
// finally as well, which have no edges. It finds no faults: [Run] does.
func Graph(spec *v1.PipelineSpec) (g *graph.Graph) {
	g = graph.New()
	if spec == nil {
		return g
	}
	for i := range spec.Tasks {
		g.Node(spec.Tasks[i].Name)
	}
	for i := range spec.Finally {
		g.Node(spec.Finally[i].Name)
	}
	c := newChecker(nil, Profile{})
	e := newEntry(object.Object{Object: &v1.Pipeline{Spec: *spec}})
	c.object(e)
	p := c.pipelines[e]
	if p == nil || p.graph == nil {
		return g
	}
	for _, n := range p.graph.Nodes() {
		for _, after := range p.graph.After(n) {
			g.Edge(n, after)
		}
	}
	return g
}
