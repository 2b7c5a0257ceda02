package callsite

import (
	"sync"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Places remembers who asked for which value of an object. The zero value is
// ready to use. Looking up may be done by several goroutines at once.
type Places struct {
	// Most objects have nothing to be told of: what is remembered is put in order
	// when a place is looked up.
	noted  []note
	mounts bool

	mu    sync.Mutex
	root  placed
	added int // notes that are in root
}

// few notes are searched one by one: no tree of them is needed.
const few = 64

// note is what was remembered by one call of Set or Mount.
type note struct {
	path diag.Path
	at   Place // of Set

	other *Places // of Mount
	from  diag.Path
}

// placed is the place of one value, and those of the values in it.
type placed struct {
	at     Place // nil where only something inside was asked for
	inside map[diag.Segment]*placed
}

// Set remembers who asked for the value at a path; nowhere changes nothing.
func (ps *Places) Set(path diag.Path, at Place) {
	if at != nil {
		ps.noted = append(ps.noted, note{path: path, at: at})
	}
}

// Mount remembers for the values below path what other remembers for those
// below from. Other must not change afterwards.
func (ps *Places) Mount(path diag.Path, other *Places, from diag.Path) {
	ps.noted, ps.mounts = append(ps.noted, note{path: path, other: other, from: from}), true
}

// tree returns what is remembered, in order. Nothing changes it while places are
// looked up.
func (ps *Places) tree() *placed {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for ; ps.added < len(ps.noted); ps.added++ {
		n := &ps.noted[ps.added]
		if n.other == nil {
			ps.root.reach(n.path).at = n.at
			continue
		}
		if source := n.other.tree().find(n.from); source != nil {
			ps.root.reach(n.path).take(source)
		}
	}
	return &ps.root
}

// Find returns the position of whoever asked for the value at a path, or for
// the nearest value that holds it; of root, if nobody did.
func (ps *Places) Find(path diag.Path, root Place) diag.Position {
	at := root
	if len(ps.noted) <= few && !ps.mounts {
		deepest := 1
		for i := range ps.noted {
			if n := &ps.noted[i]; n.path.Len() >= deepest && path.HasPrefix(n.path) {
				deepest, at = n.path.Len(), n.at
			}
		}
		return at.Position()
	}
	here := ps.tree()
	for _, s := range path.Segments() {
		if here = here.inside[s]; here == nil {
			break
		}
		if here.at != nil {
			at = here.at
		}
	}
	return at.Position()
}

// Locate is Find as the Locate of an object. In Go code there is no part of a
// value to be found.
func (ps *Places) Locate(root Place) func(diag.Path, string) diag.Position {
	return func(path diag.Path, _ string) diag.Position { return ps.Find(path, root) }
}

// find is the entry of a path, nil if it is not there.
func (p *placed) find(path diag.Path) *placed {
	for _, s := range path.Segments() {
		if p = p.inside[s]; p == nil {
			return nil
		}
	}
	return p
}

// reach is the entry of a path, made if it is not there.
func (p *placed) reach(path diag.Path) *placed {
	for _, s := range path.Segments() {
		next := p.inside[s]
		if next == nil {
			if p.inside == nil {
				p.inside = map[diag.Segment]*placed{}
			}
			next = &placed{}
			p.inside[s] = next
		}
		p = next
	}
	return p
}

// take copies what is known inside of another value.
func (p *placed) take(other *placed) {
	for s, inner := range other.inside {
		mine := p.reach(diag.Path{}.Append(s))
		if inner.at != nil {
			mine.at = inner.at
		}
		mine.take(inner)
	}
}
