package report

import (
	"sort"
	"strings"

	"github.com/tekwright/tekwright/internal/printable"
)

// ruler finds characters, columns and brackets in a line. It reads the line once, so
// that many findings in a long line cost no more than in many short ones.
type ruler struct {
	text   string
	hidden [][2]int // secret parts
	marks  []mark

	flows     []flow      // where the depth of brackets changes
	ends      map[int]int // of the flow collections, by their beginnings
	readFlows bool

	glyphs  []printable.Glyph // the line as it is shown, nil if not laid out
	columns []int             // of the glyphs, and at last that of the end
}

// mark is the beginning of a character.
type mark struct {
	at    int
	runes int // the characters before it
}

// flow is the number of brackets that are open from an offset on.
type flow struct{ at, depth int }

// stride is the number of bytes between marks.
const stride = 128

func newRuler(text string, hidden [][2]int) *ruler {
	r := &ruler{text: text, hidden: hidden, marks: []mark{{}}}
	runes := 0
	for i := range text {
		if i >= r.marks[len(r.marks)-1].at+stride {
			r.marks = append(r.marks, mark{i, runes})
		}
		runes++
	}
	return r
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

// open reports whether an offset is inside a flow collection that begins in the line.
func (r *ruler) open(at int) bool {
	r.findFlows()
	i := sort.Search(len(r.flows), func(i int) bool { return r.flows[i].at > at })
	return i > 0 && r.flows[i-1].depth > 0
}

// end returns the offset behind the flow collection that begins at an offset; 0 if none
// does, or it does not end in the line.
func (r *ruler) end(at int) int {
	r.findFlows()
	return r.ends[at]
}

// findFlows finds the brackets of the line.
func (r *ruler) findFlows() {
	if r.readFlows {
		return
	}
	r.readFlows, r.ends = true, map[int]int{}
	var begins []int
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
			begins = append(begins, i)
		case '}', ']':
			depth--
			if n := len(begins) - 1; n >= 0 {
				r.ends[begins[n]] = i + 1
				begins = begins[:n]
			}
		default:
			continue
		}
		r.flows = append(r.flows, flow{i + 1, depth})
	}
}

// layout lays the line out.
func (r *ruler) layout() {
	if r.columns != nil {
		return
	}
	r.glyphs = printable.Layout(r.text, r.hidden)
	r.columns = make([]int, len(r.glyphs)+1)
	for i, g := range r.glyphs {
		r.columns[i+1] = r.columns[i] + g.Width
	}
}

// window returns the part of the line to show, so that it includes start to end: the
// text, the columns before start, and the columns from start to end.
func (r *ruler) window(start, end int) (text string, blank, length int) {
	r.layout()
	total := r.columns[len(r.glyphs)]
	from, to := 0, total
	if total > room {
		before := r.columns[sort.Search(len(r.glyphs), func(i int) bool { return r.glyphs[i].At >= start })]
		if before > room-lead {
			from = before - lead
		}
		to = from + room
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
		blank = 1
	}
	first := sort.SearchInts(r.columns[:len(r.glyphs)], from)
	for i, g := range r.glyphs[first:] {
		if r.columns[first+i+1] > to {
			break
		}
		b.WriteString(g.Text)
		if g.At < start {
			blank += g.Width
		} else if g.At < end {
			length += g.Width
		}
	}
	if to < total {
		b.WriteString("…")
	}
	return strings.TrimRight(b.String(), " "), blank, max(1, length)
}
