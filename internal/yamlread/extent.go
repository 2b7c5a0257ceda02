package yamlread

import (
	"strings"
	"unicode"
)

// Extent returns the text of the document and its offset in the stream. Marks are
// offsets in this text.
func (d *Document) Extent() (text string, start int) { return d.text, d.start }

// First reads the first document of a text, as a decoder of Kubernetes does, which ignores
// what follows it. A text that begins with a brace is read as JSON, and has to end with the
// value. It returns nil if there is no value: if the text is empty, or only comments.
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
	if at := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace)); strings.HasPrefix(text[at:], "{") {
		n, size, err := readJSON(text[at:])
		switch {
		case err != nil:
			err.mark += Mark(at)
			d.Problem = d.problem(err)
		case n == nil || strings.TrimSpace(text[at+size:]) != "":
			d.Problem = &Problem{Message: "the document begins with {, but is not JSON"}
			d.Problem.Line, d.Problem.Column = f.position(at)
		default:
			d.Root, d.extent = n, extent{f, text[at : at+size], at}
		}
		return d
	}
	d.text = text[:firstEnd(text)]
	var s space
	s.first(d)
	if d.Root != nil {
		if message := sigsError(text); message != "" {
			line, rest := lineOf(message)
			d.Root, d.Problem = nil, &Problem{Line: max(line, 1), Column: 1, Message: rest}
		}
	}
	if d.Root == nil && d.Problem == nil {
		return nil
	}
	return d
}

// firstEnd returns the offset of the line that ends the first document.
func firstEnd(text string) int {
	begun, at := false, 0
	for line := range strings.Lines(text) {
		word := strings.TrimRight(line, "\r\n")
		isMarker := len(word) >= 3 && (len(word) == 3 || word[3] == ' ' || word[3] == '\t')
		switch {
		case isMarker && (word[:3] == "---" || word[:3] == "..."):
			if begun {
				return at
			}
			begun = word[:3] == "---"
		case !begun:
			content := strings.TrimLeft(word, " \t\ufeff")
			begun = content != "" && content[0] != '#' && content[0] != '%'
		}
		at += len(line)
	}
	return len(text)
}
