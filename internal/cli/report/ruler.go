package report

import (
	"iter"
	"sort"
	"strings"
	"unicode/utf8"
)

// tabStop is the number of columns between tab stops.
const tabStop = 4

// glyph is a character with its width in columns.
type glyph struct {
	text   string
	width  int
	at     int // offset in the line
	column int
}

// ruler finds characters, columns and brackets in a line. It has read the line once,
// so that many findings in a long line cost no more than in many short ones.
type ruler struct {
	text  string
	width int // of the line
	marks []mark
	flows []flow // where the depth changes, if it has been asked for
	read  bool   // flows is set
}

// mark is the beginning of a glyph.
type mark struct {
	at, column int
	runes      int // the characters before it
}

// flow is the number of brackets that are open from an offset on.
type flow struct{ at, depth int }

// stride is the number of bytes between marks.
const stride = 128

func newRuler(text string) *ruler {
	r := &ruler{text: text, marks: []mark{{}}}
	runes, counted := 0, 0
	for g := range glyphs(text, mark{}) {
		if g.at >= r.marks[len(r.marks)-1].at+stride {
			runes += utf8.RuneCountInString(text[counted:g.at])
			counted = g.at
			r.marks = append(r.marks, mark{g.at, g.column, runes})
		}
		r.width = g.column + g.width
	}
	return r
}

// glyphs returns the line from a mark on as a terminal shows it: tabs become spaces,
// and control characters become visible.
func glyphs(line string, from mark) iter.Seq[glyph] {
	return func(yield func(glyph) bool) {
		var last glyph // a combining mark belongs to the letter before it
		column := from.column
		for at, size := from.at, 0; at < len(line); at += size {
			var r rune
			r, size = utf8.DecodeRuneInString(line[at:])
			g := glyph{text: line[at : at+size], width: runeWidth(r), at: at, column: column}
			switch {
			case r == '\t':
				g.width = tabStop - column%tabStop
				g.text = strings.Repeat(" ", g.width)
			case steers(r), r == utf8.RuneError && size == 1:
				g.text, g.width = "\ufffd", 1
			case g.width == 0 && last.text != "":
				last.text += g.text
				continue
			}
			if last.text != "" && !yield(last) {
				return
			}
			last = g
			column += g.width
		}
		if last.text != "" {
			yield(last)
		}
	}
}

// offset returns the byte offset of a column in characters, counted from 1.
func (r *ruler) offset(column int) int {
	m := r.marks[sort.Search(len(r.marks), func(i int) bool { return r.marks[i].runes >= column })-1]
	n := m.runes
	for i := range r.text[m.at:] {
		if n++; n == column {
			return m.at + i
		}
	}
	return len(r.text)
}

// columns returns the columns before an offset.
func (r *ruler) columns(at int) int {
	m := r.marks[sort.Search(len(r.marks), func(i int) bool { return r.marks[i].at > at })-1]
	for g := range glyphs(r.text, m) {
		if g.at >= at {
			return g.column
		}
	}
	return r.width
}

// open reports whether an offset is inside a flow collection that begins in the line.
func (r *ruler) open(at int) bool {
	if !r.read {
		r.readFlows()
	}
	i := sort.Search(len(r.flows), func(i int) bool { return r.flows[i].at > at })
	return i > 0 && r.flows[i-1].depth > 0
}

// readFlows finds the brackets of the line.
func (r *ruler) readFlows() {
	r.read = true
	depth := 0
	for i := 0; i < len(r.text); i++ {
		switch r.text[i] {
		case '"', '\'':
			if n := quotedAt(r.text, i); n > 0 {
				i += n - 1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			continue
		}
		r.flows = append(r.flows, flow{i + 1, depth})
	}
}

// from returns the mark from which the glyphs at a column can be read.
func (r *ruler) from(column int) mark {
	return r.marks[max(0, sort.Search(len(r.marks), func(i int) bool { return r.marks[i].column > column })-1)]
}
