package fix

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Places converts between the offsets in a text and its lines and columns, in a time that
// does not depend on the length of lines.
type Places struct {
	text  string
	lines []int   // where they begin
	runes []int32 // the characters before each stride
}

// stride is a number of bytes.
const stride = 256

// NewPlaces returns the places of a text.
func NewPlaces(text string) *Places {
	p := &Places{text: text, lines: []int{0}}
	n := int32(0)
	for i := range len(text) {
		if i%stride == 0 {
			p.runes = append(p.runes, n)
		}
		if text[i] == '\n' {
			p.lines = append(p.lines, i+1)
		}
		if utf8.RuneStart(text[i]) {
			n++
		}
	}
	return p
}

// before returns the number of characters before an offset.
func (p *Places) before(offset int) int {
	if len(p.runes) == 0 {
		return 0
	}
	i := min(offset/stride, len(p.runes)-1)
	n := int(p.runes[i])
	for i *= stride; i < offset; i++ {
		if utf8.RuneStart(p.text[i]) {
			n++
		}
	}
	return n
}

// start returns the offset of a line, behind a byte order mark, and that of its end.
func (p *Places) start(line int) (from, to int) {
	from, to = p.lines[line-1], len(p.text)
	if line < len(p.lines) {
		to = p.lines[line]
	}
	if line == 1 && strings.HasPrefix(p.text, "\ufeff") {
		from += len("\ufeff")
	}
	return from, to
}

// Offset returns the offset of a position, 0 if its line is not known.
func (p *Places) Offset(at diag.Position) int {
	if at.Line < 1 || at.Line > len(p.lines) {
		return 0
	}
	from, to := p.start(at.Line)
	want := p.before(from) + max(at.Column-1, 0)
	// The last stride that does not begin behind the character.
	i := sort.Search(len(p.runes), func(i int) bool { return int(p.runes[i]) > want }) - 1
	if i < 0 {
		return from
	}
	n := int(p.runes[i])
	offset := i * stride
	for ; offset < to; offset++ {
		if utf8.RuneStart(p.text[offset]) {
			if n == want {
				break
			}
			n++
		}
	}
	return max(min(offset, to), from)
}

// At returns the line and the column of an offset, in characters, both counted from 1.
func (p *Places) At(offset int) (line, column int) {
	offset = min(max(offset, 0), len(p.text))
	line = sort.SearchInts(p.lines, offset+1)
	from, _ := p.start(line)
	return line, 1 + p.before(max(offset, from)) - p.before(from)
}
