package yamlread

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Outline records the positions of the values of an object. It replaces the nodes
// after decoding and needs a sixth of their memory. It is safe for concurrent use.
type Outline struct {
	extent
	entries []entry  // each before its descendants
	words   []string // texts that are not substrings of the document
	anchors bool     // the document has anchors

	mu    sync.Mutex
	large map[int]*children // indexes of large maps and lists, by their entry
	texts map[int]*scanned  // what is known about long texts, by their entry
}

// children is an index of the items of a map or list.
type children struct {
	items []int32          // their entries
	names map[string]int32 // of a map
}

// entry is one value.
type entry struct {
	mark    Mark
	text    word  // of a String; for other kinds, as written
	keyMark Mark  // -1 unless it is an item of a map
	key     word  // of an item of a map
	next    int32 // the entry after its descendants
	kind    Kind
	style   style
	alias   bool // the mark is the index of the entry it refers to
}

// word is the length of a text that begins at a mark or after the quote there. If
// negative, it is the complement of an index in Outline.words.
type word int32

// word returns a word at a mark.
func (o *Outline) word(at Mark, w word) string {
	if w < 0 {
		return o.words[^w]
	}
	begin := o.behindQuote(at)
	return o.text[begin : begin+int(w)]
}

// behindQuote returns the offset at which a text at a mark begins.
func (d extent) behindQuote(at Mark) int {
	if begin := int(at); begin < len(d.text) && (d.text[begin] == '"' || d.text[begin] == '\'') {
		return begin + 1
	}
	return min(int(at), len(d.text))
}

// Outline returns the outline of a value of the document.
func (d *Document) Outline(root *Node) *Outline {
	o := outliner{Outline: &Outline{extent: d.extent, anchors: d.Anchors, entries: make([]entry, 0, root.count())}}
	o.add(root, "", -1)
	return o.Outline
}

// count returns the number of entries that a node needs, apart from aliases.
func (n *Node) count() int {
	all := 1
	for _, item := range n.Items {
		if item.shared {
			all++
			continue
		}
		all += item.count()
	}
	return all
}

type outliner struct {
	*Outline
	shared map[*Node]int // the entries of nodes that aliases refer to
}

// pack returns the word for a text at a mark.
func (o *outliner) pack(at Mark, text string) word {
	if strings.HasPrefix(o.text[o.behindQuote(at):], text) {
		return word(len(text))
	}
	o.words = append(o.words, text)
	return ^word(len(o.words) - 1)
}

func (o *outliner) add(n *Node, key string, keyMark Mark) {
	at := len(o.entries)
	e := entry{mark: n.Mark, keyMark: keyMark, kind: n.Kind, style: n.style}
	if keyMark >= 0 {
		e.key = o.pack(keyMark, key)
	}
	if n.shared {
		if first, ok := o.shared[n]; ok {
			e.alias, e.mark, e.next = true, Mark(first), int32(at+1)
			o.entries = append(o.entries, e)
			return
		}
		if o.shared == nil {
			o.shared = map[*Node]int{}
		}
		o.shared[n] = at
	}
	if n.Kind == String {
		e.text = o.pack(n.Mark, n.Text)
	} else {
		e.text = o.pack(n.Mark, n.Written)
	}
	o.entries = append(o.entries, e)
	for i, item := range n.Items {
		if n.Kind == Map {
			o.add(item, n.Keys[i].Name, n.Keys[i].Mark)
		} else {
			o.add(item, "", -1)
		}
	}
	o.entries[at].next = int32(len(o.entries))
}

// spot is the end of a path, as far as values exist.
type spot struct {
	value   *entry
	number  int    // its index
	key     *entry // the entry of the map item, nil for items of lists
	missing bool   // the path does not end here
}

// locate follows a path as far as values exist. Fields and keys of a map are the
// same.
func (o *Outline) locate(path diag.Path) spot {
	number := 0
	at := spot{value: &o.entries[0]}
	for _, s := range path.Segments() {
		item := o.item(number, s)
		if item < 0 {
			at.missing = true
			return at
		}
		number = item
		at = spot{value: &o.entries[number]}
		if at.value.keyMark >= 0 {
			at.key = at.value
		}
		if at.value.alias {
			number = int(at.value.mark)
			at.value = &o.entries[number]
		}
		at.number = number
	}
	return at
}

// item returns the index of a child of an entry, -1 if it does not exist.
func (o *Outline) item(of int, s diag.Segment) int {
	e := &o.entries[of]
	isIndex := s.Kind == diag.IndexSegment
	if isIndex && e.kind != List || !isIndex && e.kind != Map {
		return -1
	}
	if isIndex && s.Index < 0 {
		return -1
	}
	i := 0
	for at := of + 1; at < int(e.next); at = int(o.entries[at].next) {
		if isIndex && i == s.Index || !isIndex && o.nameOf(at) == s.Name {
			return at
		}
		if i++; i == fewItems {
			return o.children(of).find(s)
		}
	}
	return -1
}

// fewItems is the number of items of a map or list that are looked at one by one.
const fewItems = 32

// nameOf returns the key of an item of a map.
func (o *Outline) nameOf(at int) string { return o.word(o.entries[at].keyMark, o.entries[at].key) }

// children returns the index of a large map or list.
func (o *Outline) children(of int) *children {
	o.mu.Lock()
	defer o.mu.Unlock()
	if c := o.large[of]; c != nil {
		return c
	}
	e, c := &o.entries[of], &children{}
	if e.kind == Map {
		c.names = map[string]int32{}
	}
	for at := of + 1; at < int(e.next); at = int(o.entries[at].next) {
		if e.kind == List {
			c.items = append(c.items, int32(at))
		} else if name := o.nameOf(at); c.names[name] == 0 {
			c.names[name] = int32(at)
		}
	}
	if o.large == nil {
		o.large = map[int]*children{}
	}
	o.large[of] = c
	return c
}

// find returns the entry of an item, -1 if it does not exist.
func (c *children) find(s diag.Segment) int {
	if s.Kind == diag.IndexSegment {
		if s.Index < len(c.items) {
			return int(c.items[s.Index])
		}
	} else if at := c.names[s.Name]; at > 0 { // entry 0 is the root
		return int(at)
	}
	return -1
}

// Place returns the position of the value at a path. If it does not exist, it is
// the position of the key or item that should contain it. The end is set only for
// scalars that are not blocks.
func (o *Outline) Place(path diag.Path) diag.Position {
	at := o.locate(path)
	if at.key != nil && (at.missing && at.value.style == block || at.value.empty()) {
		return o.Position(at.key.keyMark)
	}
	begin := o.begin(at.value.mark)
	if at.missing {
		return o.between(begin, -1)
	}
	return o.between(begin, o.end(at.number, begin))
}

// Offset returns the offset in the document of the value at a path. If it does not exist,
// it is that of the key or item that should contain it.
func (o *Outline) Offset(path diag.Path) int {
	at := o.locate(path)
	if at.key != nil && (at.missing && at.value.style == block || at.value.empty()) {
		return o.begin(at.key.keyMark)
	}
	return o.begin(at.value.mark)
}

// empty reports whether no value is written.
func (e *entry) empty() bool { return e.kind == Null && e.text == 0 && e.style == plain }

// end returns the end of a scalar that begins at an offset, -1 if it is not known.
func (o *Outline) end(number, begin int) int {
	e := &o.entries[number]
	text := o.word(e.mark, e.text)
	behind := func() int {
		scan, done := o.scan(number, begin)
		defer done()
		return o.behind(scan, len(text))
	}
	switch {
	case e.kind == Bool || e.kind == Number:
		if strings.HasPrefix(o.text[begin:], text) {
			return begin + len(text)
		}
	case e.kind == String && e.style == plain && text != "":
		return behind()
	case e.kind == String && (e.style == single || e.style == double):
		end := begin + 1
		if text != "" {
			end = behind()
		}
		if end > begin && end < len(o.text) && o.text[end] == o.text[begin] { // the quote
			return end + 1
		}
	}
	return -1
}

// behind returns the end of the source of the first size bytes of a text, -1 if it
// is not known.
func (o *Outline) behind(s *scanned, size int) int {
	_, last := utf8.DecodeLastRuneInString(s.text[:size])
	at, ok := s.sourceOf(size - last)
	if !ok {
		return -1
	}
	switch {
	case s.how == double && o.text[at] == '\\':
		if _, last = escape(o.text[at:]); last == 0 {
			return -1
		}
	case s.how == single && o.text[at] == '\'':
		last = 2
	}
	return min(at+last, len(o.text))
}

// Find returns the position of the value at a path, or of a part of it, or of its key. If
// an excerpt is both a part of the value and the name of its field, the value is meant.
// If there is no excerpt, or it is not found, it is the position that Place returns.
func (o *Outline) Find(path diag.Path, excerpt string) diag.Position {
	if excerpt != "" {
		if path.Last().Kind == diag.FieldSegment {
			if at, ok := o.Part(path, excerpt); ok {
				return at
			}
		}
		if at, ok := o.KeyPlace(path, excerpt); ok {
			return at
		}
		if at, ok := o.Part(path, excerpt); ok {
			return at
		}
	}
	return o.Place(path)
}

// Part returns the position of a part of the text at a path; false if the text does
// not exist or does not contain the part.
func (o *Outline) Part(path diag.Path, part string) (diag.Position, bool) {
	if part == "" {
		return diag.Position{}, false
	}
	return o.part(path, func(s *scanned) (from, to int) {
		from = s.find(part)
		return from, from + len(part)
	})
}

// Range returns the position of the bytes from one offset up to another of the text at a
// path; false if the text does not exist or is shorter. If to is not behind from, the
// position has no end.
func (o *Outline) Range(path diag.Path, from, to int) (diag.Position, bool) {
	return o.part(path, func(s *scanned) (int, int) {
		if from < 0 || from >= len(s.text) || to > len(s.text) {
			return -1, -1
		}
		return from, to
	})
}

// part returns the position of a part of the text at a path, whose offsets are found by a
// function; a negative one means that there is none.
func (o *Outline) part(path diag.Path, find func(*scanned) (from, to int)) (diag.Position, bool) {
	at := o.locate(path)
	if at.missing || at.value.kind != String {
		return diag.Position{}, false
	}
	scan, done := o.scan(at.number, o.begin(at.value.mark))
	defer done()
	from, to := find(scan)
	if from < 0 {
		return diag.Position{}, false
	}
	offset, ok := scan.sourceOf(from)
	if !ok {
		return diag.Position{}, false
	}
	end := -1
	if to > from {
		end = o.behind(scan, to)
	}
	return o.between(offset, end), true
}

// scan returns what finds the source of the text of an entry, and a function to call
// when it is no longer used. What is known about a long text is kept.
func (o *Outline) scan(number, begin int) (s *scanned, done func()) {
	e := &o.entries[number]
	text := o.word(e.mark, e.text)
	if len(text) < longText {
		return newScan(o.text, begin, e.style, text), func() {}
	}
	o.mu.Lock()
	s = o.texts[number]
	if s == nil {
		s = newScan(o.text, begin, e.style, text)
		if o.texts == nil {
			o.texts = map[int]*scanned{}
		}
		o.texts[number] = s
	}
	return s, o.mu.Unlock
}

// KeyPlace returns the position of the key at the end of a path; false if the path
// does not end with that key.
func (o *Outline) KeyPlace(path diag.Path, key string) (diag.Position, bool) {
	if last := path.Last(); path.IsRoot() || last.Kind == diag.IndexSegment || last.Name != key {
		return diag.Position{}, false
	}
	at := o.locate(path)
	if at.missing || at.key == nil {
		return diag.Position{}, false
	}
	begin := o.begin(at.key.keyMark)
	if strings.HasPrefix(o.text[begin:], key) {
		return o.between(begin, begin+len(key)), true
	}
	return o.between(begin, -1), true
}
