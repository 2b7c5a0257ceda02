package yamlread

import (
	"sort"
	"strings"
)

// isBang reports whether the tag of the scalar at a mark is a mere "!", before
// its anchor or behind it.
func (b *builder) isBang(m Mark, empty bool) bool {
	at := int(m)
	for at < len(b.text) && b.text[at] == '&' {
		anchor := at
		if at = behindAnchor(b.text, at); at == len(b.text) || !blank(b.text[at]) {
			return false // the scalar is empty
		}
		at = skipBlank(b.text, at)
		if empty && anchor > skipBlank(b.text, 0) && b.indent(at) <= b.indent(anchor) && b.row(at) > b.row(anchor) {
			return false // the tag is the next scalar's
		}
	}
	tag, behind := "!", b.text[at:]
	if strings.HasPrefix(behind, "!<!>") { // the same, spelt out
		tag = "!<!>"
	}
	rest, ok := strings.CutPrefix(behind, tag)
	return ok && (rest == "" || blank(rest[0]) || strings.IndexByte(",]}", rest[0]) >= 0)
}

// row is the line that an offset stands in, from 0.
func (b *builder) row(at int) int {
	return sort.SearchInts(b.lines, at+1) - 1
}

// indent is the number of blanks that the line of an offset begins with.
func (b *builder) indent(at int) int {
	row := b.row(at)
	line := b.text[b.lines[row]:]
	return len(line) - len(strings.TrimLeft(line, " "))
}
