package graph

import "slices"

// Cycles returns one cycle for each group of nodes that wait for each other (a
// strongly connected component), or nil if there are none. In a cycle, each node
// runs after the next one, and the last after the first. A node that runs after
// itself is a cycle of length one. A cycle starts at the first declared node of
// its group and is a shortest cycle through it. Cycles are sorted by the order in
// which their first nodes were declared.
func (g *Graph) Cycles() [][]string {
	if g == nil {
		return nil
	}
	var out [][]int
	comp, members := g.components()
	for c, nodes := range members {
		if len(nodes) == 1 && !slices.Contains(g.after[nodes[0]], nodes[0]) {
			continue
		}
		out = append(out, g.shortest(slices.Min(nodes), c, comp))
	}
	slices.SortFunc(out, func(a, b []int) int { return a[0] - b[0] })
	var cycles [][]string
	for _, nodes := range out {
		cycle := make([]string, len(nodes))
		for i, n := range nodes {
			cycle[i] = g.names[n]
		}
		cycles = append(cycles, cycle)
	}
	return cycles
}

// shortest walks breadth-first from start back to start inside its component.
func (g *Graph) shortest(start, c int, comp []int) []int {
	from := map[int]int{}
	queue := []int{start}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for _, a := range g.after[n] {
			if comp[a] != c {
				continue
			}
			if a == start {
				path := []int{n}
				for n != start {
					n = from[n]
					path = append(path, n)
				}
				slices.Reverse(path)
				return path
			}
			if _, ok := from[a]; !ok {
				from[a] = n
				queue = append(queue, a)
			}
		}
	}
	return []int{start}
}

// components returns the strongly connected components (Tarjan's algorithm,
// without recursion). A component comes after all those that its nodes run after.
func (g *Graph) components() (comp []int, members [][]int) {
	n := len(g.names)
	comp = make([]int, n)
	low, num, at := make([]int, n), make([]int, n), make([]int, n)
	for i := range comp {
		comp[i] = -1
	}
	var stack, path []int
	count := 0
	for root := range n {
		if num[root] != 0 {
			continue
		}
		path = append(path[:0], root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if num[v] == 0 {
				count++
				num[v], low[v] = count, count
				stack = append(stack, v)
			}
			if at[v] < len(g.after[v]) {
				w := g.after[v][at[v]]
				at[v]++
				switch {
				case num[w] == 0:
					path = append(path, w)
				case comp[w] < 0:
					low[v] = min(low[v], num[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				u := path[len(path)-1]
				low[u] = min(low[u], low[v])
			}
			if low[v] != num[v] {
				continue
			}
			var nodes []int
			for {
				w := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				comp[w] = len(members)
				nodes = append(nodes, w)
				if w == v {
					break
				}
			}
			members = append(members, nodes)
		}
	}
	return comp, members
}
