package graph

// maxClosure is the number of components up to which reachability is stored as
// one bit for each pair (32 MB). For larger graphs every call walks the graph.
const maxClosure = 1 << 14

// Reaches reports whether the node named to runs after the node named from,
// directly or through other nodes. A
// node reaches itself only if it is on a cycle. The first call after a change of
// the graph is expensive; later calls are cheap.
func (g *Graph) Reaches(from, to string) bool {
	if g == nil {
		return false
	}
	f, ok1 := g.index[from]
	t, ok2 := g.index[to]
	if !ok1 || !ok2 {
		return false
	}
	if g.reach == nil {
		g.reach = g.close()
	}
	return g.reach.has(g, t, f)
}

// closure is, for each component, the set of components that come before it. A
// component is in its own set if its nodes wait for each other.
type closure struct {
	comp []int
	rows []bits
}

func (g *Graph) close() *closure {
	comp, members := g.components()
	c := &closure{comp: comp}
	if len(members) > maxClosure {
		return c
	}
	c.rows = make([]bits, len(members))
	for i, nodes := range members {
		row := newBits(i + 1) // only earlier components can come before
		for _, n := range nodes {
			for _, a := range g.after[n] {
				row.set(comp[a])
				row.or(c.rows[comp[a]])
			}
		}
		c.rows[i] = row
	}
	return c
}

// has reports whether node runs after the other.
func (c *closure) has(g *Graph, node, after int) bool {
	if c.rows != nil {
		return c.rows[c.comp[node]].has(c.comp[after])
	}
	seen := map[int]bool{}
	queue := []int{node}
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, a := range g.after[n] {
			if a == after {
				return true
			}
			// A component is numbered after those before it.
			if !seen[a] && c.comp[a] >= c.comp[after] {
				seen[a] = true
				queue = append(queue, a)
			}
		}
	}
	return false
}

type bits []uint64

func newBits(n int) bits { return make(bits, (n+63)/64) }

func (b bits) set(i int) {
	if i/64 < len(b) {
		b[i/64] |= 1 << (i % 64)
	}
}

func (b bits) has(i int) bool { return i/64 < len(b) && b[i/64]&(1<<(i%64)) != 0 }

func (b bits) or(o bits) {
	for i := range min(len(b), len(o)) {
		b[i] |= o[i]
	}
}
