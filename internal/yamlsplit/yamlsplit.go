// Package yamlsplit splits a YAML stream into its documents.
package yamlsplit

import "strings"

// Document is one document of a stream.
type Document struct {
	Line   int    // of the first line of content, counted from 1 in the stream
	Offset int    // of Text in the stream, a byte order mark included
	Text   string // starts at that line, with the --- or ... that stands in it
}

// Split returns the documents that hold more than blanks and comments. A line
// that starts with --- begins a document, one that starts with ... ends it. A
// line that starts with a tab counts as content: YAML allows none there.
func Split(stream string) []Document {
	bom := len(stream)
	stream = strings.TrimPrefix(stream, "\ufeff")
	bom -= len(stream)
	var (
		docs  []Document
		start = -1 // offset of the open document's content
		line  int
		first int
	)
	end := func(at int) {
		if start >= 0 {
			docs = append(docs, Document{Line: first, Offset: bom + start, Text: stream[start:at]})
		}
		start = -1
	}
	for at := 0; at < len(stream); {
		next := at + strings.IndexByte(stream[at:], '\n') + 1
		if next == at {
			next = len(stream)
		}
		line++
		text := strings.TrimRight(stream[at:next], "\r\n")
		if marker(text, "---") || marker(text, "...") {
			end(at)
			text = strings.TrimLeft(text[3:], " \t")
		}
		if start < 0 && content(text) {
			start, first = at, line
		}
		at = next
	}
	end(len(stream))
	return docs
}

// marker reports whether the line starts with the marker as a word of its own.
func marker(line, mark string) bool {
	rest, ok := strings.CutPrefix(line, mark)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// content reports whether the line says anything. A comment does if it ends at a
// line break that only YAML knows, or holds what YAML does not allow.
func content(line string) bool {
	line = strings.TrimLeft(line, " ")
	return line != "" && (line[0] != '#' || strings.ContainsFunc(line, odd))
}

// odd tells line breaks and control characters.
func odd(r rune) bool {
	return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfffe || r == 0xffff
}
