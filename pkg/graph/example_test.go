package graph_test

import (
	"fmt"

	"github.com/tekwright/tekwright/pkg/graph"
)

func Example() {
	g := graph.New()
	g.AddNodes("clone", "lint", "test", "image")
	g.AddEdge("lint", "clone") // lint runs after clone
	g.AddEdge("test", "clone")
	g.AddEdge("image", "test")
	fmt.Println(g.Order(), g.Cycles(), g.Reaches("clone", "image"))

	g.AddEdge("clone", "image")
	fmt.Println(g.Cycles())
	// Output:
	// [clone lint test image] [] true
	// [[clone image test]]
}

// test uses the results of clone, and image those of test. Only one of the
// additional edges is not implied by the others.
func ExampleReduce() {
	results := []graph.Edge{{Node: "test", After: "clone"}, {Node: "image", After: "test"}}
	additional := []graph.Edge{{Node: "image", After: "clone"}, {Node: "image", After: "lint"}}
	fmt.Println(graph.Reduce(results, additional))
	// Output: [{image lint}]
}
