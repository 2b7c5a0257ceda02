package yamlsrc

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tekwright/tekwright/pkg/diag"
)

// file is the text of a stream, and where its lines begin.
type file struct {
	text  string
	once  sync.Once
	lines []int // as an editor counts them
}

// position is the line and the column of an offset, from 1. A column is a
// character; a tab is one, and so is a byte order mark none.
func (f *file) position(offset int) (line, column int) {
	f.once.Do(func() { f.lines = starts(f.text, false) })
	offset = min(max(offset, 0), len(f.text))
	line = sort.SearchInts(f.lines, offset+1)
	before := strings.TrimPrefix(f.text[f.lines[line-1]:offset], "\ufeff")
	return line, utf8.RuneCountInString(before) + 1
}

// starts lists where lines begin. To YAML more characters end a line than to
// an editor.
func starts(s string, yaml bool) []int {
	lines := make([]int, 1, 1+strings.Count(s, "\n"))
	if !yaml || !strings.ContainsAny(s, "\r\u0085\u2028\u2029") {
		for i := 0; ; {
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return lines
			}
			i += n + 1
			lines = append(lines, i)
		}
	}
	for i := 0; i < len(s); {
		n := lineBreak(s[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		lines = append(lines, i)
	}
	return lines
}

// lineBreak is the length of the line break of YAML that s begins with, 0 if
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

// atOffset is the mark of an offset in a document.
func atOffset(offset int) Mark { return Mark{-1, int32(offset)} }

// offset is where a mark stands in the text of the document.
func (d *Document) offset(m Mark) int {
	if m.line < 0 {
		return min(int(m.column), len(d.text))
	}
	d.once.Do(func() { d.lines = starts(d.text, true) })
	line := min(max(int(m.line), 1), len(d.lines))
	offset := d.lines[line-1]
	for c := int32(1); c < m.column && offset < len(d.text); c++ {
		_, size := utf8.DecodeRuneInString(d.text[offset:])
		offset += size
	}
	return offset
}

// Position is the line and the column of a mark in the stream. Here, as in all
// positions of this package, the caller knows the file.
func (d *Document) Position(m Mark) diag.Position { return d.between(d.begin(m), -1) }

// between is the position of what stands between two offsets of the document;
// an end before the beginning is unknown.
func (d *Document) between(begin, end int) diag.Position {
	var p diag.Position
	p.Line, p.Column = d.file.position(d.start + begin)
	if end >= begin {
		p.EndLine, p.EndColumn = d.file.position(d.start + end)
	}
	return p
}

// begin is where the value at a mark itself begins: behind its anchor and its
// tag.
func (d *Document) begin(m Mark) int {
	at := d.offset(m)
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

// behindAnchor is where the name of an anchor ends.
func behindAnchor(s string, at int) int {
	for at++; at < len(s); at++ {
		if c := s[at]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '_' && c != '-' {
			break
		}
	}
	return at
}

// bang tells whether the tag of a scalar is a mere "!", before its anchor or
// behind it.
func (d *Document) bang(m Mark, empty bool) bool {
	at := d.offset(m)
	for at < len(d.text) && d.text[at] == '&' {
		anchor := at
		if at = behindAnchor(d.text, at); at == len(d.text) || !blank(d.text[at]) {
			return false // the scalar is empty
		}
		at = skipBlank(d.text, at)
		if empty && anchor > skipBlank(d.text, 0) && d.indent(at) <= d.indent(anchor) && d.row(at) > d.row(anchor) {
			return false // the tag is the next scalar's
		}
	}
	tag, behind := "!", d.text[at:]
	if strings.HasPrefix(behind, "!<!>") { // the same, spelt out
		tag = "!<!>"
	}
	rest, ok := strings.CutPrefix(behind, tag)
	return ok && (rest == "" || blank(rest[0]) || strings.IndexByte(",]}", rest[0]) >= 0)
}

// row is the line that an offset stands in, from 0.
func (d *Document) row(at int) int {
	d.once.Do(func() { d.lines = starts(d.text, true) })
	return sort.SearchInts(d.lines, at+1) - 1
}

// indent is the number of blanks that the line of an offset begins with.
func (d *Document) indent(at int) int {
	row := d.row(at)
	line := d.text[d.lines[row]:]
	return len(line) - len(strings.TrimLeft(line, " "))
}

// blank tells the characters between words.
func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// skipBlank goes to what is no blank and no comment.
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

// Place is the position of the value at a path; of the key or the item that
// should hold it if it is not there. The end is that of a scalar that is not a
// block.
func (d *Document) Place(root *Node, path diag.Path) diag.Position {
	at := locate(root, path)
	if at.key != nil && (at.missing && at.node.style == block || at.node.empty()) {
		return d.Position(at.key.Mark)
	}
	begin := d.begin(at.node.Mark)
	if at.missing {
		return d.between(begin, -1)
	}
	return d.between(begin, d.end(at.node, begin))
}

// empty tells whether nothing is written for a value.
func (n *Node) empty() bool { return n.Kind == Null && n.Written == "" && n.style == plain }

// end is where a scalar ends that begins at an offset, -1 where that is unknown.
func (d *Document) end(n *Node, begin int) int {
	switch {
	case n.Kind == Bool || n.Kind == Number:
		if strings.HasPrefix(d.text[begin:], n.Written) {
			return begin + len(n.Written)
		}
	case n.Kind == String && n.style == plain && n.Text != "":
		return d.behind(n, begin, len(n.Text))
	case n.Kind == String && (n.style == single || n.style == double):
		end := begin + 1
		if n.Text != "" {
			end = d.behind(n, begin, len(n.Text))
		}
		if end > begin && end < len(d.text) && d.text[end] == d.text[begin] { // the quote
			return end + 1
		}
	}
	return -1
}

// behind is where the source of the first size bytes of a text ends, -1 where
// that is unknown.
func (d *Document) behind(n *Node, begin, size int) int {
	_, last := utf8.DecodeLastRuneInString(n.Text[:size])
	at, ok := sourceOf(d.text, begin, n.style, n.Text, size-last)
	if !ok {
		return -1
	}
	switch {
	case n.style == double && d.text[at] == '\\':
		if _, last = escape(d.text[at:]); last == 0 {
			return -1
		}
	case n.style == single && d.text[at] == '\'':
		last = 2
	}
	return min(at+last, len(d.text))
}

// Part is the position of a part of the text at a path; false if the text is not
// there, or has no such part.
func (d *Document) Part(root *Node, path diag.Path, part string) (diag.Position, bool) {
	at := locate(root, path)
	if at.missing || at.node.Kind != String || part == "" {
		return diag.Position{}, false
	}
	i := strings.Index(at.node.Text, part)
	if i < 0 {
		return diag.Position{}, false
	}
	begin := d.begin(at.node.Mark)
	offset, ok := sourceOf(d.text, begin, at.node.style, at.node.Text, i)
	if !ok {
		return diag.Position{}, false
	}
	return d.between(offset, d.behind(at.node, begin, i+len(part))), true
}

// KeyPlace is the position of the key of a map that a path ends with; false if
// the path does not end with that key.
func (d *Document) KeyPlace(root *Node, path diag.Path, key string) (diag.Position, bool) {
	if last := path.Last(); path.IsRoot() || last.Kind == diag.IndexSegment || last.Name != key {
		return diag.Position{}, false
	}
	at := locate(root, path)
	if at.missing || at.key == nil {
		return diag.Position{}, false
	}
	begin := d.begin(at.key.Mark)
	if strings.HasPrefix(d.text[begin:], key) {
		return d.between(begin, begin+len(key)), true
	}
	return d.between(begin, -1), true
}
