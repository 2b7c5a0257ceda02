package yamlread

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tekwright/tekwright/pkg/diag"
)

// file is the text of a stream with the offsets of its lines.
type file struct {
	text string
	once sync.Once
	// before and above are the bytes and the lines of the stream before the text.
	before, above int

	lines []int32 // as an editor counts them
	runes []int32 // the characters at each stride; nil if each byte is one
}

// stride is a number of bytes. It bounds what has to be counted for the column of a
// value on a line of any length.
const stride = 256

// measure finds the lines, and counts the characters.
func (f *file) measure() {
	f.lines = starts[int32](nil, f.text, false)
	ascii := true
	for i := 0; ascii && i < len(f.text); i++ {
		ascii = f.text[i] < utf8.RuneSelf
	}
	if ascii {
		return
	}
	f.runes = make([]int32, 0, 1+len(f.text)/stride)
	n := int32(0)
	for i := range len(f.text) {
		if i%stride == 0 {
			f.runes = append(f.runes, n)
		}
		if utf8.RuneStart(f.text[i]) {
			n++
		}
	}
}

// characters returns the number of characters that begin before an offset.
func (f *file) characters(offset int) int {
	if f.runes == nil {
		return offset
	}
	i := min(offset/stride, len(f.runes)-1)
	n := int(f.runes[i])
	for i *= stride; i < offset; i++ {
		if utf8.RuneStart(f.text[i]) {
			n++
		}
	}
	return n
}

// position returns the line and the column of an offset, counted from 1. Columns
// are counted in characters; a tab is one, and a byte order mark is not counted.
func (f *file) position(offset int) (line, column int) {
	f.once.Do(f.measure)
	offset = min(max(offset-f.before, 0), len(f.text))
	line, _ = slices.BinarySearch(f.lines, int32(offset)+1)
	start := int(f.lines[line-1])
	if strings.HasPrefix(f.text[start:offset], "\ufeff") {
		start += len("\ufeff")
	}
	return f.above + line, f.characters(offset) - f.characters(start) + 1
}

// starts appends the offsets of lines. YAML has more line breaks than an editor. A
// stream may have [maxStream] bytes.
func starts[T int | int32](lines []T, s string, yaml bool) []T {
	lines = append(slices.Grow(lines, 1+strings.Count(s, "\n")), 0)
	if !yaml || !oddBreaks(s) {
		for i := 0; ; {
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return lines
			}
			i += n + 1
			lines = append(lines, T(i))
		}
	}
	for i := 0; i < len(s); {
		n := lineBreak(s[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		lines = append(lines, T(i))
	}
	return lines
}

// oddBreaks reports whether a text may have line breaks other than "\n".
func oddBreaks(s string) bool {
	return strings.IndexByte(s, '\r') >= 0 || strings.Contains(s, "\u0085") || strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029")
}

// lineBreak returns the length of the YAML line break at the beginning of s, 0 if
// there is none.
func lineBreak(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == '\n':
		return 1
	case s[0] == '\r':
		if len(s) > 1 && s[1] == '\n' {
			return 2
		}
		return 1
	case strings.HasPrefix(s, "\u0085"):
		return 2
	case strings.HasPrefix(s, "\u2028"), strings.HasPrefix(s, "\u2029"):
		return 3
	}
	return 0
}

// Position returns the line and the column of a mark in the stream. Like all
// positions of this package, it has no file name, which the caller knows.
func (d extent) Position(m Mark) diag.Position { return d.between(d.begin(m), -1) }

// between returns the position between two offsets of the document. If end is
// before begin, the position has no end.
func (d extent) between(begin, end int) diag.Position {
	var p diag.Position
	p.Line, p.Column = d.file.position(d.start + begin)
	if end >= begin {
		p.EndLine, p.EndColumn = d.file.position(d.start + end)
	}
	return p
}

// begin returns the offset of the value at a mark, after its anchor and tag.
func (d extent) begin(m Mark) int {
	at := min(int(m), len(d.text))
	for at < len(d.text) && (d.text[at] == '&' || d.text[at] == '!') {
		next := behindAnchor(d.text, at)
		for d.text[at] == '!' && next < len(d.text) && !blank(d.text[next]) {
			next++
		}
		if next == len(d.text) || !blank(d.text[next]) {
			break
		}
		if next = skipBlank(d.text, next); next == len(d.text) {
			break
		}
		at = next
	}
	return at
}

// behindAnchor returns the end of the name of an anchor.
func behindAnchor(s string, at int) int {
	for at++; at < len(s); at++ {
		if c := s[at]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '_' && c != '-' {
			break
		}
	}
	return at
}

// blank reports whether c is white space.
func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// skipBlank skips white space and comments.
func skipBlank(s string, at int) int {
	for at < len(s) && (blank(s[at]) || s[at] == '#') {
		if s[at] == '#' {
			for at < len(s) && lineBreak(s[at:]) == 0 {
				at++
			}
			at += lineBreak(s[at:])
			continue
		}
		at++
	}
	return at
}
