package caller

import "github.com/tekwright/tekwright/pkg/diag"

// Places remembers who asked for which value of an object. The zero value is
// ready to use. Looking up may be done by several goroutines at once.
type Places struct{ root placed }

// placed is the place of one value, and those of the values in it.
type placed struct {
	at     Place // nil where only something inside was asked for
	inside map[diag.Segment]*placed
}

// Set remembers who asked for the value at a path; nowhere changes nothing.
func (ps *Places) Set(path diag.Path, at Place) {
	if at != nil {
		ps.root.reach(path).at = at
	}
}

// Mount remembers for the values below path what other remembers for those
// below from.
func (ps *Places) Mount(path diag.Path, other *Places, from diag.Path) {
	source := &other.root
	for _, s := range from.Segments() {
		if source = source.inside[s]; source == nil {
			return
		}
	}
	ps.root.reach(path).take(source)
}

// Find returns the position of whoever asked for the value at a path, or for
// the nearest value that holds it; of root, if nobody did.
func (ps *Places) Find(path diag.Path, root Place) diag.Position {
	at := root
	here := &ps.root
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
