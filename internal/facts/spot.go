package facts

import (
	"strconv"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Spot is a place inside an object. The zero Spot is no place.
type Spot struct {
	Entry *Entry
	// Path is the path of the value in v1 (for Triggers, in v1beta1), whatever version
	// the object has.
	Path diag.Path
	// Part is the relevant part of the value, or its key; "" for the whole value.
	Part string
}

// At returns the spot of a path of the object.
func (e *Entry) At(names ...string) Spot { return Spot{Entry: e, Path: diag.Fields(names...)} }

// IsValid reports whether the spot is not zero.
func (s Spot) IsValid() bool { return s.Entry != nil }

// Field returns the spot of a field, or of a nested field, of the value at s.
func (s Spot) Field(names ...string) Spot { return Spot{Entry: s.Entry, Path: s.Path.Field(names...)} }

// Index returns the spot of an item in a list field of the value at s.
func (s Spot) Index(field string, i int) Spot {
	return Spot{Entry: s.Entry, Path: s.Path.FieldIndex(field, i)}
}

// Item returns the spot of an item of the list at s.
func (s Spot) Item(i int) Spot { return Spot{Entry: s.Entry, Path: s.Path.Index(i)} }

// Key returns the spot of the value for a key of the map at s.
func (s Spot) Key(key string) Spot { return Spot{Entry: s.Entry, Path: s.Path.Key(key)} }

// To returns the spot of another path of the same object.
func (s Spot) To(path diag.Path) Spot { return Spot{Entry: s.Entry, Path: path} }

// Of returns the spot of a part of the value at s, or of its key.
func (s Spot) Of(part string) Spot { return Spot{s.Entry, s.Path, part} }

// Owner returns the object that was given to [New] and contains the spot, and the
// path in that object: an object that a template creates belongs to the template,
// and each version of a kind has its own field names.
func (s Spot) Owner() (*Entry, diag.Path) {
	if s.Entry == nil {
		return nil, s.Path
	}
	e, path := s.Entry, s.Entry.spelt(s.Path)
	for ; e.Within != nil; e = e.Within {
		path = e.Prefix.Join(path)
	}
	return e, path
}

// Related returns the spot as a related place of a finding.
func (s Spot) Related(message string) diag.Related {
	if s.Entry == nil {
		return diag.Related{Message: message}
	}
	owner, path := s.Owner()
	return diag.Related{Message: message, Object: owner.Ref, Path: path, Excerpt: s.Part, Position: owner.Find(path, s.Part)}
}

// String returns the path as [diag.Path.String] writes it.
func (s Spot) String() string { return s.Path.String() }

// Itoa returns the decimal representation of n.
func itoa(n int) string { return strconv.Itoa(n) }
