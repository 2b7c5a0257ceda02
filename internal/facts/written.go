package facts

// IsWritten reports whether the value at s is in the text of the object, as far as
// positions show it: a missing one has that of what would contain it. It is true for an
// object without positions, and for one whose positions are lines of a program: a struct
// has all of its fields.
func (s Spot) IsWritten() bool {
	e, path := s.Owner()
	if e == nil || e.Locate == nil {
		return true
	}
	at := e.Find(path, "")
	return at.Column == 0 || at != e.Find(path.Parent(), "")
}
