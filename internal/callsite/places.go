package callsite

import (
	"sync"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Places maps the values of an object to the places in user code that set them. The
// zero value is ready to use. Find and Locate are safe for concurrent use.
type Places struct {
	// Most objects have no findings. So entries are indexed only when a place is
	// looked up.
	entries []entry
	mounts  bool

	mu      sync.Mutex
	root    node
	indexed int // number of entries that are in root
}

// maxLinear is the number of entries up to which Find searches them without an index.
const maxLinear = 64

// entry is the effect of one call of Set or Mount.
type entry struct {
	path diag.Path
	at   Place // of Set

	other *Places // of Mount
	from  diag.Path
}

// node contains the place of a value, and the nodes of the values in it.
type node struct {
	at       Place // nil if only values in it were set
	children map[diag.Segment]*node
}

// Set records that the value at path was set at a place. It does nothing if the place
// is nil.
func (ps *Places) Set(path diag.Path, at Place) {
	if at != nil {
		ps.entries = append(ps.entries, entry{path: path, at: at})
	}
}

// Mount copies the places of the values below from in other to the values below path.
// It does so when they are needed, so other must not be modified afterwards.
func (ps *Places) Mount(path diag.Path, other *Places, from diag.Path) {
	ps.entries, ps.mounts = append(ps.entries, entry{path: path, other: other, from: from}), true
}

// index adds new entries to the tree, and returns its root. The tree does not change
// while places are only looked up.
func (ps *Places) index() *node {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for ; ps.indexed < len(ps.entries); ps.indexed++ {
		e := &ps.entries[ps.indexed]
		if e.other == nil {
			ps.root.insert(e.path).at = e.at
			continue
		}
		if source := e.other.index().find(e.from); source != nil {
			ps.root.insert(e.path).copyFrom(source)
		}
	}
	return &ps.root
}

// Find returns the position of the place where the value at path was set. If there is
// none, it returns that of the innermost enclosing value that has one, or of root.
func (ps *Places) Find(path diag.Path, root Place) diag.Position {
	at := root
	if len(ps.entries) <= maxLinear && !ps.mounts {
		deepest := 1
		for i := range ps.entries {
			if e := &ps.entries[i]; e.path.Len() >= deepest && path.HasPrefix(e.path) {
				deepest, at = e.path.Len(), e.at
			}
		}
		return at.Position()
	}
	here := ps.index()
	for _, s := range path.Segments() {
		if here = here.children[s]; here == nil {
			break
		}
		if here.at != nil {
			at = here.at
		}
	}
	return at.Position()
}

// Locate returns Find as a function for the Locate field of an object. It ignores the
// excerpt, because positions in Go code are those of whole values.
func (ps *Places) Locate(root Place) func(diag.Path, string) diag.Position {
	return func(path diag.Path, _ string) diag.Position { return ps.Find(path, root) }
}

// find returns the node of path, or nil if there is none.
func (n *node) find(path diag.Path) *node {
	for _, s := range path.Segments() {
		if n = n.children[s]; n == nil {
			return nil
		}
	}
	return n
}

// insert returns the node of path, and adds it if there is none.
func (n *node) insert(path diag.Path) *node {
	for _, s := range path.Segments() {
		next := n.children[s]
		if next == nil {
			if n.children == nil {
				n.children = map[diag.Segment]*node{}
			}
			next = &node{}
			n.children[s] = next
		}
		n = next
	}
	return n
}

// copyFrom copies the places of the values in other, but not that of other itself.
func (n *node) copyFrom(other *node) {
	for s, inner := range other.children {
		mine := n.insert(diag.Path{}.Append(s))
		if inner.at != nil {
			mine.at = inner.at
		}
		mine.copyFrom(inner)
	}
}
