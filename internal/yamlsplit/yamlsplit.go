// Package yamlsplit splits a YAML stream into its documents.
package yamlsplit

import "strings"

// Document is one document of a stream.
type Document struct {
	Line   int    // first line of content in the stream, counted from 1
	Offset int    // offset of Text in the stream, including a byte order mark
	Text   string // begins at that line, including its --- or ...
}

// Split returns the documents that contain more than white space and comments. A
// line that starts with --- begins a document, one that starts with ... ends it. A
// line that starts with a tab counts as content, because YAML does not allow it.
func Split(stream string) []Document {
	bom := len(stream)
	stream = strings.TrimPrefix(stream, "\ufeff")
	bom -= len(stream)
	var (
		docs  []Document
		start = -1 // offset of the current document's content
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

// marker reports whether the line starts with the marker as a separate word.
func marker(line, mark string) bool {
	rest, ok := strings.CutPrefix(line, mark)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// content reports whether the line has content. A comment has if it contains a line
// break that only YAML recognizes, or a character that YAML does not allow.
func content(line string) bool {
	line = strings.TrimLeft(line, " ")
	return line != "" && (line[0] != '#' || strings.ContainsFunc(line, odd))
}

// odd reports whether r is a line break or control character.
func odd(r rune) bool {
	return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfffe || r == 0xffff
}
