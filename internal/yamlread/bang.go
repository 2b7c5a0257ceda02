package yamlread

import (
	"sort"
	"strings"
)

// isBang reports whether the scalar at a mark has the non-specific tag "!", before
// or after its anchor.
func (b *builder) isBang(m Mark, empty bool) bool {
	at := int(m)
	for at < len(b.text) && b.text[at] == '&' {
		anchor := at
		if at = behindAnchor(b.text, at); at == len(b.text) || !blank(b.text[at]) {
			return false // the scalar is empty
		}
		at = skipBlank(b.text, at)
		if empty && anchor > skipBlank(b.text, 0) && b.indent(at) <= b.indent(anchor) && b.row(at) > b.row(anchor) {
			return false // the tag belongs to the next scalar
		}
	}
	tag, behind := "!", b.text[at:]
	if strings.HasPrefix(behind, "!<!>") { // verbatim form of the same tag
		tag = "!<!>"
	}
	rest, ok := strings.CutPrefix(behind, tag)
	return ok && (rest == "" || blank(rest[0]) || strings.IndexByte(",]}", rest[0]) >= 0)
}

// row returns the line of an offset, counted from 0.
func (b *builder) row(at int) int {
	return sort.SearchInts(b.lines, at+1) - 1
}

// indent returns the indentation of the line of an offset.
func (b *builder) indent(at int) int {
	row := b.row(at)
	line := b.text[b.lines[row]:]
	return len(line) - len(strings.TrimLeft(line, " "))
}
