package graph_test

import (
	"fmt"

	"github.com/tekwright/tekwright/pkg/graph"
)

func Example() {
	g := graph.New()
	g.Node("clone", "lint", "test", "image")
	g.Edge("lint", "clone") // lint runs after clone
	g.Edge("test", "clone")
	g.Edge("image", "test")
	fmt.Println(g.Order(), g.Cycles(), g.Reaches("clone", "image"))

	g.Edge("clone", "image")
	fmt.Println(g.Cycles())
	// Output:
	// [clone lint test image] [] true
	// [[clone image test]]
}

// The results of clone are used by test, and those of test by image. Of the
// edges that somebody asked for besides, only one adds anything.
func ExampleReduce() {
	results := []graph.Edge{{Node: "test", After: "clone"}, {Node: "image", After: "test"}}
	asked := []graph.Edge{{Node: "image", After: "clone"}, {Node: "image", After: "lint"}}
	fmt.Println(graph.Reduce(results, asked))
	// Output: [{image lint}]
}
