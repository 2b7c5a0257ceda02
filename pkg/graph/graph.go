package graph

import "container/heap"

// Edge is an edge of a graph: Node runs after After.
type Edge struct {
	Node, After string // names of nodes
}

// Graph is a directed graph of named nodes. The zero value is an empty graph
// ready for use.
type Graph struct {
	index map[string]int
	names []string
	after [][]int // for each node, the nodes that it runs after, once each
	seen  map[[2]int]bool
	reach *closure // cached reachability, discarded by every change
}

// New returns an empty graph.
func New() *Graph { return &Graph{} }

// AddNodes declares nodes, in this order. Nodes that are declared already keep their
// position.
func (g *Graph) AddNodes(names ...string) {
	if g == nil {
		return
	}
	for _, name := range names {
		g.node(name)
	}
}

// AddEdge adds an edge: node runs after the node named after. It declares both
// nodes.
func (g *Graph) AddEdge(node, after string) {
	if g == nil {
		return
	}
	n, a := g.node(node), g.node(after)
	if g.seen[[2]int{n, a}] {
		return
	}
	if g.seen == nil {
		g.seen = map[[2]int]bool{}
	}
	g.seen[[2]int{n, a}] = true
	g.after[n] = append(g.after[n], a)
	g.reach = nil
}

func (g *Graph) node(name string) int {
	if i, ok := g.index[name]; ok {
		return i
	}
	if g.index == nil {
		g.index = map[string]int{}
	}
	i := len(g.names)
	g.index[name] = i
	g.names = append(g.names, name)
	g.after = append(g.after, nil)
	g.reach = nil
	return i
}

// Has reports whether the node is declared.
func (g *Graph) Has(name string) bool {
	if g == nil {
		return false
	}
	_, ok := g.index[name]
	return ok
}

// Nodes returns the names of all nodes in the order of their declaration.
func (g *Graph) Nodes() []string {
	if g == nil {
		return nil
	}
	return append([]string(nil), g.names...)
}

// After returns the nodes that a node directly runs after, in the order in which
// the edges were added.
func (g *Graph) After(name string) []string {
	if g == nil {
		return nil
	}
	i, ok := g.index[name]
	if !ok {
		return nil
	}
	out := make([]string, len(g.after[i]))
	for k, a := range g.after[i] {
		out[k] = g.names[a]
	}
	return out
}

// Order returns all nodes in topological order: each node comes after the nodes
// that it runs after. Otherwise the order is that of declaration. Nodes on a
// cycle, and nodes that run after them, come last, in the order of declaration.
func (g *Graph) Order() []string {
	if g == nil {
		return nil
	}
	waits := make([]int, len(g.names))
	next := make([][]int, len(g.names))
	var ready declared
	for n, after := range g.after {
		waits[n] = len(after)
		for _, a := range after {
			next[a] = append(next[a], n)
		}
		if len(after) == 0 {
			ready = append(ready, n) // ascending: already a heap
		}
	}
	out := make([]string, 0, len(g.names))
	for len(ready) > 0 {
		n, _ := heap.Pop(&ready).(int)
		out = append(out, g.names[n])
		for _, m := range next[n] {
			if waits[m]--; waits[m] == 0 {
				heap.Push(&ready, m)
			}
		}
	}
	for n, w := range waits {
		if w > 0 {
			out = append(out, g.names[n])
		}
	}
	return out
}

// declared is a heap of nodes in the order of declaration.
type declared []int

func (d declared) Len() int           { return len(d) }
func (d declared) Less(i, j int) bool { return d[i] < d[j] }
func (d declared) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }

// Push implements heap.Interface.
func (d *declared) Push(x any) {
	if n, ok := x.(int); ok {
		*d = append(*d, n)
	}
}

// Pop implements heap.Interface.
func (d *declared) Pop() any {
	last := (*d)[len(*d)-1]
	*d = (*d)[:len(*d)-1]
	return last
}
