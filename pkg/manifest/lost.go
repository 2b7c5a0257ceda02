package manifest

import "github.com/tekwright/tekwright/pkg/diag"

// lost is a tree of the paths of values that could not be read. It has the segments
// of the paths as its branches.
type lost struct {
	end  bool // the value here is lost
	next map[diag.Segment]*lost
}

// lostAt returns the tree of some paths, nil if there are none.
func lostAt(paths []diag.Path) *lost {
	if len(paths) == 0 {
		return nil
	}
	root := &lost{}
	for _, p := range paths {
		at := root
		for _, s := range p.Segments() {
			below := at.next[s]
			if below == nil {
				if below = (&lost{}); at.next == nil {
					at.next = map[diag.Segment]*lost{}
				}
				at.next[s] = below
			}
			at = below
		}
		at.end = true
	}
	return root
}

// has reports whether the value at a path, or one that contains it, is lost.
func (l *lost) has(path diag.Path) bool {
	if l == nil {
		return false
	}
	for _, s := range path.Segments() {
		if l.end {
			return true
		}
		if l = l.next[s]; l == nil {
			return false
		}
	}
	return l.end
}
