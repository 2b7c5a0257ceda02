package diag

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Path is the path of a value inside an object: a list of segments, each of which
// is a field, an index of a list, or a key of a map. The zero value is the object
// itself. A Path is immutable; its methods return new paths.
//
// The value need not exist: a path may be spec.params for a run without params.
// Compare paths with [Path.Equal] and [Path.Compare]; == does not compile.
type Path struct {
	_    [0]func() // equal paths need not share their segments: == does not compile
	last *segment
}

// segment is the last segment of a path, with a link to the one before.
type segment struct {
	parent *segment
	Segment
	depth int32
	// pair is set if this is two segments in one: a field, and an index of the
	// list in it. Nearly all indexes are stored like this.
	pair bool
}

// cursor walks a path from its end.
type cursor struct {
	at    *segment
	depth int32
}

func (p Path) cursor() cursor {
	if p.last == nil {
		return cursor{}
	}
	return cursor{p.last, p.last.depth}
}

// segment returns the segment that the cursor is at.
func (c cursor) segment() Segment {
	switch {
	case !c.at.pair:
		return c.at.Segment
	case c.depth == c.at.depth:
		return Segment{Index: c.at.Index, Kind: IndexSegment}
	}
	return Segment{Name: c.at.Name}
}

// back returns the cursor at the segment before.
func (c cursor) back() cursor {
	if c.at.pair && c.depth == c.at.depth {
		return cursor{c.at, c.depth - 1}
	}
	return cursor{c.at.parent, c.depth - 1}
}

// Segment is one step of a path.
type Segment struct {
	// Name is the name of a field, or the key of a map.
	Name string
	// Index is the index of a list item. It is not used for fields and keys.
	Index int
	// Kind says which of these the segment is.
	Kind SegmentKind
}

// SegmentKind is the kind of a segment.
type SegmentKind uint8

// The kinds of segments.
const (
	FieldSegment SegmentKind = iota // a field: .name
	IndexSegment                    // an item of a list: [0]
	KeySegment                      // a key of a map: ["key"]
)

// Fields returns the path of nested fields: Fields("spec", "tasks") is spec.tasks.
func Fields(names ...string) Path {
	if len(names) > 0 && names[0] == "spec" {
		return spec.Field(names[1:]...)
	}
	return Path{}.Field(names...)
}

// spec is the first segment of most paths, which share it.
var spec = Path{}.Field("spec")

// NewPath returns the path with the given segments.
func NewPath(segments ...Segment) Path {
	var p Path
	for _, s := range segments {
		p = p.Append(s)
	}
	return p
}

// Field returns the path of a field of the value at p. With several names, each
// is a field of the one before.
func (p Path) Field(names ...string) Path {
	if len(names) == 1 {
		return p.Append(Segment{Name: names[0]})
	}
	added := make([]segment, len(names))
	for i, name := range names {
		added[i] = segment{parent: p.last, Segment: Segment{Name: name}, depth: int32(p.Len()) + 1}
		p.last = &added[i]
	}
	return p
}

// FieldIndex returns p.Field(field).Index(i).
func (p Path) FieldIndex(field string, i int) Path {
	return Path{last: &segment{parent: p.last, Segment: Segment{Name: field, Index: i}, depth: int32(p.Len()) + 2, pair: true}}
}

// Index returns the path of item i of the list at p.
func (p Path) Index(i int) Path { return p.Append(Segment{Index: i, Kind: IndexSegment}) }

// Key returns the path of the value for a key of the map at p.
func (p Path) Key(key string) Path { return p.Append(Segment{Name: key, Kind: KeySegment}) }

// Append returns p with one more segment.
func (p Path) Append(s Segment) Path {
	if s.Kind == IndexSegment {
		s.Name = ""
	} else {
		s.Index = 0
	}
	// Equal paths are equal for reflect.DeepEqual too: tests compare findings with it.
	if last := p.last; s.Kind == IndexSegment && last != nil && !last.pair && last.Kind == FieldSegment {
		return Path{last: last.parent}.FieldIndex(last.Name, s.Index)
	}
	return Path{last: &segment{parent: p.last, Segment: s, depth: int32(p.Len()) + 1}}
}

// Join returns the path with the segments of p, followed by those of rest.
func (p Path) Join(rest Path) Path {
	if p.last == nil {
		return rest
	}
	for _, s := range rest.Segments() {
		p = p.Append(s)
	}
	return p
}

// Len returns the number of segments.
func (p Path) Len() int {
	if p.last == nil {
		return 0
	}
	return int(p.last.depth)
}

// IsRoot reports whether p is the object itself.
func (p Path) IsRoot() bool { return p.last == nil }

// Last returns the last segment, or the zero Segment if p is the object itself.
func (p Path) Last() Segment {
	if p.last == nil {
		return Segment{}
	}
	return p.cursor().segment()
}

// Parent returns p without its last segment. The parent of the object itself is
// the object itself.
func (p Path) Parent() Path {
	if p.last == nil {
		return p
	}
	if p.last.pair {
		return Path{last: p.last.parent}.Field(p.last.Name)
	}
	return Path{last: p.last.parent}
}

// Segments returns the segments in order.
func (p Path) Segments() []Segment {
	if p.last == nil {
		return nil
	}
	out := make([]Segment, p.Len())
	for c := p.cursor(); c.depth > 0; c = c.back() {
		out[c.depth-1] = c.segment()
	}
	return out
}

// At returns segment i, counted from 0, or the zero Segment if p is shorter.
func (p Path) At(i int) Segment {
	for c := p.cursor(); c.depth > 0; c = c.back() {
		if int(c.depth) == i+1 {
			return c.segment()
		}
	}
	return Segment{}
}

// Cut returns the segments of p after prefix, and reports whether p begins with
// prefix.
func (p Path) Cut(prefix Path) (rest Path, ok bool) {
	n := prefix.Len()
	if !p.HasPrefix(prefix) {
		return Path{}, false
	}
	if n == 0 {
		return p, true
	}
	for _, s := range p.Segments()[n:] {
		rest = rest.Append(s)
	}
	return rest, true
}

// HasPrefix reports whether p is prefix, or a path inside the value at prefix.
func (p Path) HasPrefix(prefix Path) bool {
	n := int32(prefix.Len())
	c := p.cursor()
	for c.depth > n {
		c = c.back()
	}
	return c.equal(prefix.cursor())
}

// Equal reports whether both paths have the same segments.
func (p Path) Equal(q Path) bool { return p.cursor().equal(q.cursor()) }

func (c cursor) equal(d cursor) bool {
	if c.depth != d.depth {
		return false
	}
	for ; c != d; c, d = c.back(), d.back() {
		if c.segment() != d.segment() {
			return false
		}
	}
	return true
}

// Compare compares paths segment by segment: names as strings and indexes as
// numbers. A path comes before the paths inside its value.
func (p Path) Compare(q Path) int {
	if p.last == q.last {
		return 0
	}
	a, b := p.Segments(), q.Segments()
	for i := range min(len(a), len(b)) {
		if c := cmp.Or(cmp.Compare(a[i].Name, b[i].Name), cmp.Compare(a[i].Index, b[i].Index), cmp.Compare(a[i].Kind, b[i].Kind)); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// String formats the path: fields joined by dots, items as [0] and keys as
// ["key"], such as spec.tasks[2].params[0].value or metadata.labels["app"]. The
// object itself is "". [ParsePath] parses the text, unless the name of a field is
// empty or contains a dot or a bracket; no Kubernetes field has such a name.
func (p Path) String() string {
	if p.last == nil {
		return ""
	}
	return string(p.AppendText(nil))
}

// AppendText appends the text of String to b and returns the extended buffer.
func (p Path) AppendText(b []byte) []byte {
	if p.last == nil {
		return b
	}
	start := len(b)
	for _, s := range p.Segments() {
		switch s.Kind {
		case IndexSegment:
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(s.Index), 10)
			b = append(b, ']')
		case KeySegment:
			b = append(b, '[')
			b = strconv.AppendQuote(b, s.Name)
			b = append(b, ']')
		default:
			if len(b) > start {
				b = append(b, '.')
			}
			b = append(b, s.Name...)
		}
	}
	return b
}

// MarshalText implements [encoding.TextMarshaler] with the text of String.
func (p Path) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] by calling [ParsePath].
func (p *Path) UnmarshalText(text []byte) (err error) {
	if p == nil {
		return errors.New("cannot unmarshal into a nil *Path")
	}
	*p, err = ParsePath(string(text))
	return err
}

// ParsePath parses the format of [Path.String]. It is meant for text from other
// programs, such as the field path in an answer of a cluster. If the text is not
// a path, the error says where parsing stopped, and ParsePath also returns the
// path up to there.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest := text; rest != ""; {
		s, after, ok := cutSegment(rest, p.last == nil)
		if !ok {
			return p, fmt.Errorf("%q is not a valid path: cannot parse %q", text, rest)
		}
		p, rest = p.Append(s), after
	}
	return p, nil
}

// cutSegment parses the first segment of a text, and returns the rest.
func cutSegment(text string, first bool) (s Segment, rest string, ok bool) {
	if text[0] != '[' {
		if !first {
			if text[0] != '.' {
				return s, text, false
			}
			text = text[1:]
		}
		end := strings.IndexAny(text, ".[")
		if end < 0 {
			end = len(text)
		}
		return Segment{Name: text[:end]}, text[end:], end > 0
	}
	if quoted, err := strconv.QuotedPrefix(text[1:]); err == nil {
		name, err := strconv.Unquote(quoted)
		rest, closed := strings.CutPrefix(text[1+len(quoted):], "]")
		return Segment{Name: name, Kind: KeySegment}, rest, err == nil && closed
	}
	digits, rest, closed := strings.Cut(text[1:], "]")
	index, err := strconv.Atoi(digits)
	return Segment{Index: index, Kind: IndexSegment}, rest, err == nil && closed && index >= 0 && digits == strconv.Itoa(index)
}
