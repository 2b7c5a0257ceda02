package graph_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/graph"
)

func build(nodes []string, edges ...graph.Edge) *graph.Graph {
	g := graph.New()
	g.AddNodes(nodes...)
	for _, e := range edges {
		g.AddEdge(e.Node, e.After)
	}
	return g
}

func TestOrder(t *testing.T) {
	tests := map[string]struct {
		nodes []string
		edges []graph.Edge
		want  []string
	}{
		"empty":            {nil, nil, []string{}},
		"free":             {[]string{"c", "a", "b"}, nil, []string{"c", "a", "b"}},
		"edge declares":    {nil, []graph.Edge{{"b", "a"}}, []string{"a", "b"}},
		"declaration wins": {[]string{"d", "c", "b", "a"}, []graph.Edge{{"c", "a"}}, []string{"d", "b", "a", "c"}},
		"cycle last":       {[]string{"x", "a", "b", "y", "z"}, []graph.Edge{{"a", "b"}, {"b", "a"}, {"y", "a"}}, []string{"x", "z", "a", "b", "y"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, build(tt.nodes, tt.edges...).Order())
		})
	}
}

func TestCycles(t *testing.T) {
	tests := map[string]struct {
		edges []graph.Edge
		want  [][]string
	}{
		"none":       {[]graph.Edge{{"b", "a"}, {"c", "b"}, {"c", "a"}}, nil},
		"self":       {[]graph.Edge{{"a", "a"}}, [][]string{{"a"}}},
		"two":        {[]graph.Edge{{"a", "b"}, {"b", "a"}}, [][]string{{"a", "b"}}},
		"shortest":   {[]graph.Edge{{"a", "b"}, {"b", "c"}, {"c", "a"}, {"b", "a"}}, [][]string{{"a", "b"}}},
		"two knots":  {[]graph.Edge{{"x", "y"}, {"y", "x"}, {"p", "x"}, {"p", "q"}, {"q", "p"}}, [][]string{{"x", "y"}, {"p", "q"}}},
		"tail":       {[]graph.Edge{{"a", "b"}, {"b", "c"}, {"c", "b"}}, [][]string{{"b", "c"}}},
		"three hops": {[]graph.Edge{{"c", "a"}, {"b", "c"}, {"a", "b"}}, [][]string{{"c", "a", "b"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, build(nil, tt.edges...).Cycles())
		})
	}
}

func TestReaches(t *testing.T) {
	g := build(nil, graph.Edge{"b", "a"}, graph.Edge{"c", "b"}, graph.Edge{"x", "y"}, graph.Edge{"y", "x"})
	assert.True(t, g.Reaches("a", "b"))
	assert.True(t, g.Reaches("a", "c"))
	assert.False(t, g.Reaches("c", "a"))
	assert.False(t, g.Reaches("a", "a"))
	assert.True(t, g.Reaches("x", "x"), "on a cycle")
	assert.False(t, g.Reaches("a", "nobody"))
	assert.False(t, g.Reaches("nobody", "a"))
	g.AddEdge("d", "c")
	assert.True(t, g.Reaches("a", "d"), "after a change")
}

func TestReduce(t *testing.T) {
	tests := map[string]struct {
		fixed, wanted, want []graph.Edge
	}{
		"nothing":        {nil, nil, nil},
		"needed":         {nil, []graph.Edge{{"b", "a"}}, []graph.Edge{{"b", "a"}}},
		"fixed already":  {[]graph.Edge{{"b", "a"}}, []graph.Edge{{"b", "a"}}, nil},
		"repeated":       {nil, []graph.Edge{{"b", "a"}, {"b", "a"}}, []graph.Edge{{"b", "a"}}},
		"by fixed chain": {[]graph.Edge{{"b", "a"}, {"c", "b"}}, []graph.Edge{{"c", "a"}}, nil},
		"by own chain":   {nil, []graph.Edge{{"c", "a"}, {"c", "b"}, {"b", "a"}}, []graph.Edge{{"c", "b"}, {"b", "a"}}},
		"mixed chain":    {[]graph.Edge{{"b", "a"}}, []graph.Edge{{"c", "b"}, {"c", "a"}}, []graph.Edge{{"c", "b"}}},
		"diamond":        {[]graph.Edge{{"b", "a"}, {"c", "a"}}, []graph.Edge{{"d", "b"}, {"d", "c"}, {"d", "a"}}, []graph.Edge{{"d", "b"}, {"d", "c"}}},
		"cycle":          {[]graph.Edge{{"b", "a"}}, []graph.Edge{{"a", "b"}, {"c", "a"}, {"c", "b"}}, []graph.Edge{{"a", "b"}, {"c", "a"}, {"c", "b"}}},
		"self":           {nil, []graph.Edge{{"a", "a"}}, []graph.Edge{{"a", "a"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, graph.Reduce(tt.fixed, tt.wanted))
		})
	}
}

// TestReduceKeepsOrder compares the reachability in random graphs before and after
// Reduce, and removes each remaining edge in turn to verify that it is needed.
func TestReduceKeepsOrder(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	for range 200 {
		n := 2 + rnd.Intn(9)
		var fixed, wanted []graph.Edge
		for range rnd.Intn(3 * n) {
			a := rnd.Intn(n - 1)
			e := graph.Edge{fmt.Sprint(a + 1 + rnd.Intn(n-a-1)), fmt.Sprint(a)}
			if rnd.Intn(2) == 0 {
				fixed = append(fixed, e)
			} else {
				wanted = append(wanted, e)
			}
		}
		same := func(x, y *graph.Graph) bool {
			for i := range n {
				for j := range n {
					if x.Reaches(fmt.Sprint(i), fmt.Sprint(j)) != y.Reaches(fmt.Sprint(i), fmt.Sprint(j)) {
						return false
					}
				}
			}
			return true
		}
		left := graph.Reduce(fixed, wanted)
		full := build(nil, append(slices.Clone(fixed), wanted...)...)
		assert.True(t, same(full, build(nil, append(slices.Clone(fixed), left...)...)), "%v %v", fixed, wanted)
		for i := range left {
			less := slices.Delete(slices.Clone(left), i, i+1)
			assert.False(t, same(full, build(nil, append(slices.Clone(fixed), less...)...)), "%v %v: %v", fixed, wanted, left[i])
		}
	}
}

func TestNilAndUnknown(t *testing.T) {
	var g *graph.Graph
	g.AddNodes("a")
	g.AddEdge("a", "b")
	assert.Nil(t, g.Order())
	assert.Nil(t, g.Cycles())
	assert.Nil(t, g.Nodes())
	assert.Nil(t, g.After("a"))
	assert.False(t, g.Has("a"))
	assert.False(t, g.Reaches("a", "b"))
	assert.Nil(t, graph.New().After("a"))
}

func TestLarge(t *testing.T) {
	chain := func(n int) (edges []graph.Edge) {
		for i := range n - 1 {
			edges = append(edges, graph.Edge{fmt.Sprint(i + 1), fmt.Sprint(i)})
		}
		return edges
	}
	growth.Linear(t, 2000, func(n int) (work func()) {
		edges := chain(n)
		return func() {
			g := build(nil, edges...)
			assert.Nil(t, g.Cycles())
			assert.Len(t, g.Order(), len(g.Nodes()))
		}
	})
	// What reaches what is kept as bits: a matrix of the nodes.
	const n = 20_000
	edges := chain(n)
	g := build(nil, edges...)
	assert.True(t, g.Reaches("0", fmt.Sprint(n-1)))
	assert.False(t, g.Reaches(fmt.Sprint(n-1), "0"))
	assert.Nil(t, graph.Reduce(edges, []graph.Edge{{fmt.Sprint(n - 1), "0"}}))
}

func BenchmarkReduce(b *testing.B) {
	var fixed, wanted []graph.Edge
	for i := range 10_000 {
		fixed = append(fixed, graph.Edge{fmt.Sprint(i + 1), fmt.Sprint(i)})
		wanted = append(wanted, graph.Edge{fmt.Sprint(i + 2), fmt.Sprint(i)})
	}
	for b.Loop() {
		graph.Reduce(fixed, wanted)
	}
}
