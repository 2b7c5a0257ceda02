package graph

// Reduce returns the wanted edges that are needed in addition to the fixed ones:
// the smallest subset of wanted, in the same order, that together with fixed
// orders the nodes as fixed and wanted do. An edge is omitted if it is fixed, is a
// duplicate, or follows from a chain of other edges.
//
// If fixed and wanted together have a cycle, Reduce returns a copy of wanted,
// because it cannot know which edge of the cycle to omit.
func Reduce(fixed, wanted []Edge) []Edge {
	if len(wanted) == 0 {
		return nil
	}
	g := New()
	done := make(map[Edge]bool, len(fixed)+len(wanted))
	for _, e := range fixed {
		g.AddEdge(e.Node, e.After)
		done[e] = true
	}
	for _, e := range wanted {
		g.AddEdge(e.Node, e.After)
	}
	if g.Cycles() != nil {
		return append([]Edge(nil), wanted...)
	}
	implied := g.implied()
	var out []Edge
	for _, e := range wanted {
		if !done[e] && !implied(g.index[e.Node], g.index[e.After]) {
			out = append(out, e)
		}
		done[e] = true
	}
	return out
}

// implied returns a function that reports whether node runs after another node
// through a chain of two or more edges. The graph must have no cycle.
func (g *Graph) implied() func(node, after int) bool {
	c := g.close()
	rows := map[int]bits{}
	return func(node, after int) bool {
		if c.rows == nil {
			for _, a := range g.after[node] {
				if a != after && c.has(g, a, after) {
					return true
				}
			}
			return false
		}
		row, ok := rows[node]
		if !ok {
			row = newBits(c.comp[node] + 1)
			for _, a := range g.after[node] {
				row.or(c.rows[c.comp[a]])
			}
			rows[node] = row
		}
		return row.has(c.comp[after])
	}
}
