package facts

// IsWritten reports whether the value at s is in the text of the object, as far as
// positions show it: a missing one has that of what would contain it. It is true for an
// object without positions, such as a struct, which has all of its fields.
func (s Spot) IsWritten() bool {
	e, path := s.Owner()
	return e == nil || e.Locate == nil || e.Find(path, "") != e.Find(path.Parent(), "")
}
