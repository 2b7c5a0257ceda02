package yamlread

import (
	"strings"
	"unicode"
)

// Extent returns the text of the document and its offset in the stream. Marks are
// offsets in this text.
func (d *Document) Extent() (text string, start int) { return d.text, d.start }

// First reads the first document of a text, as decoders do that ignore what follows it.
// It returns nil if there is none: if the text is empty, or only comments.
func First(text string) *Document {
	f := &file{text: text}
	d := &Document{extent: extent{file: f, text: text}}
	if p := unreadable(f); p != nil {
		d.Line, d.Problem = p.Line, p
		return d
	}
	d.Line, _ = f.position(skipBlank(text, 0))
	if d.Problem = d.tooLarge(); d.Problem != nil {
		return d
	}
	// A decoder of Kubernetes tries JSON first.
	if at := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace)); strings.HasPrefix(text[at:], "{") {
		if n, size, err := readJSON(text[at:]); err == nil && n != nil && strings.TrimSpace(text[at+size:]) == "" {
			d.Root = n
			d.extent = extent{f, text[at : at+size], at}
			return d
		}
	}
	var s space
	s.first(d)
	if d.Root == nil && d.Problem == nil {
		return nil
	}
	return d
}
