package yamlread

import (
	"sort"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Comment is a comment of a document.
type Comment struct {
	Text     string        // behind the prefix, up to the end of the line
	Position diag.Position // of the #
	Lead     int           // the number of characters from the # to Text
	// First and Last are the lines that the comment is about, in the stream. For a comment
	// at the end of a line it is that line; if a block scalar begins there, also its lines.
	// For a comment in a line of its own, it is the map item or list item that begins in the
	// next line with content. They are 0 if there is none.
	First, Last int
	// Script is the text of a block scalar if the comment is a part of it, and may be a
	// comment in another language. First and Last are then 0.
	Script *Block
}

// Block is a place in a literal block scalar.
type Block struct {
	Key    string // of the value
	Text   string // the value
	Line   int    // of the place, in Text, counted from 0
	Offset int    // of the place, in Text
	First  int    // the line of the stream in which Text begins
}

// Comments returns the comments of the document, and those directly above it, that begin
// with a prefix after the # and blanks. A # that is part of a value is not a comment.
func (d *Document) Comments(prefix string) []Comment {
	if d.Root == nil {
		return nil
	}
	lead := d.lead()
	text := d.file.text[lead : d.start+len(d.text)]
	if !strings.Contains(text, prefix) {
		return nil
	}
	c := commenter{Document: d, lead: lead, all: text, starts: starts[int](nil, text, false)}
	c.add(d.Root, -1)
	var found []Comment
	for at := 0; ; {
		i := strings.Index(text[at:], prefix)
		if i < 0 {
			return found
		}
		begin := at + i
		at = begin + len(prefix)
		hash := len(strings.TrimRight(text[:begin], " \t")) - 1
		if hash >= 0 && text[hash] == '#' && (hash == 0 || blank(text[hash-1]) || hash == len("\ufeff") && text[:hash] == "\ufeff") {
			if one, ok := c.comment(hash, at); ok {
				found = append(found, one)
			}
		}
	}
}

// lead returns the offset in the stream of the comments above the document.
func (d *Document) lead() int {
	s, at := d.file.text, d.start
	if at > 0 && s[at-1] != '\n' { // it begins behind ---
		return at
	}
	for at > 0 {
		begin := strings.LastIndexByte(s[:at-1], '\n') + 1
		line := strings.TrimSpace(strings.TrimPrefix(s[begin:at-1], "\ufeff"))
		if rest, ok := strings.CutPrefix(line, "---"); ok && strings.HasPrefix(strings.TrimSpace(rest), "#") {
			return begin
		}
		if line != "" && line[0] != '#' {
			return at
		}
		at = begin
	}
	return at
}

// commenter finds out what comments are about.
type commenter struct {
	*Document
	all    string // the document with the comments above it
	lead   int    // of all, in the stream
	starts []int  // of the lines of all
	items  []item // in the order of the text

	known, knownEnd int   // the item whose end was looked for last, plus one
	lines           []int // of the text of the item whose lines were looked for last
	linesOf         int   // it, plus one
}

// item is an item of a map or a list.
type item struct {
	begin int // of its key, or of the value, in the document
	value *Node
	key   *Key // nil in a list
	next  int  // the index of the item behind it and what it contains

	parent, index int // the item that contains it, -1 for none, and its index there
}

// add adds the items in a node. Those that an alias or a merge refers to come only once.
func (c *commenter) add(n *Node, parent int) {
	for i, v := range n.Items {
		one := item{begin: int(v.Mark), value: v, parent: parent, index: i}
		if n.Kind == Map {
			one.key = &n.Keys[i]
			one.begin = int(one.key.Mark)
		}
		if k := len(c.items); k > 0 && (one.begin < c.items[k-1].begin || one.begin == c.items[k-1].begin && c.items[k-1].value.Kind != Map && c.items[k-1].value.Kind != List) {
			continue
		}
		at := len(c.items)
		c.items = append(c.items, one)
		if int(v.Mark) >= one.begin {
			c.add(v, at)
		}
		c.items[at].next = len(c.items)
	}
}

// line returns the index of the line with an offset of all.
func (c *commenter) line(offset int) int { return sort.SearchInts(c.starts, offset+1) - 1 }

// content returns a line of all without the line break.
func (c *commenter) content(line int) string {
	end := len(c.all)
	if line+1 < len(c.starts) {
		end = c.starts[line+1]
	}
	return strings.TrimRight(c.all[c.starts[line]:end], "\r\n")
}

// comment returns the comment at an offset of all, false if it is part of a value.
func (c *commenter) comment(hash, begin int) (Comment, bool) {
	line := c.line(hash)
	end := c.starts[line] + len(c.content(line))
	if begin > end {
		return Comment{}, false
	}
	one := Comment{Text: c.all[begin:end], Lead: begin - hash}
	var first int // line of the stream
	one.Position.Line, one.Position.Column = c.file.position(c.lead + hash)
	first = one.Position.Line - line
	_, behind, script, ok := c.spot(hash, line)
	if one.Script = script; !ok || script != nil {
		return one, ok
	}
	before := strings.TrimLeft(c.all[c.starts[line]:hash], " \t\ufeff")
	if rest, ok := strings.CutPrefix(before, "---"); before != "" && before[0] != '#' && !(ok && strings.TrimSpace(rest) == "") {
		one.First, one.Last = one.Position.Line, one.Position.Line
		if behind >= 0 {
			one.Last = first + c.line(c.end(behind, c.items[behind].value)-1+c.start-c.lead)
		}
		return one, true
	}
	for line++; line < len(c.starts); line++ {
		if t := strings.TrimSpace(c.content(line)); t != "" && t[0] != '#' {
			break
		}
	}
	if line == len(c.starts) {
		return one, true
	}
	one.First, one.Last = first+line, first+line
	from := c.starts[line] + c.lead - c.start
	i := sort.Search(len(c.items), func(i int) bool { return c.items[i].begin >= from })
	if i == len(c.items) || c.line(c.items[i].begin+c.start-c.lead) != line {
		return one, true
	}
	behindIt := len(c.starts) - 1
	if next := c.items[i].next; next < len(c.items) {
		behindIt = c.line(c.items[next].begin+c.start-c.lead) - 1
	} else if strings.HasSuffix(c.all, "\n") {
		behindIt--
	}
	one.Last = max(one.Last, first+behindIt)
	return one, true
}

// spot returns the item that begins last before a # at an offset of all, -1 for none, and the
// item whose block scalar begins in the line. It returns the place in a literal block scalar
// if the # is in one, and false if it is part of another value.
func (c *commenter) spot(hash, line int) (last, behind int, script *Block, ok bool) {
	inDoc := c.lead + hash - c.start
	last = sort.Search(len(c.items), func(i int) bool { return c.items[i].begin > inDoc }) - 1
	behind = -1 // the item whose block scalar begins in this line
	if inDoc >= 0 {
		at, value := 0, c.Root
		if last >= 0 {
			at, value = c.items[last].begin, c.items[last].value
			if k := c.items[last].key; k != nil && inDoc < int(value.Mark) && inDoc < c.quoted(at) {
				return last, -1, nil, false
			}
		}
		if int(value.Mark) <= inDoc {
			switch value.style {
			case single, double:
				if inDoc < c.end(last, value) {
					return last, -1, nil, false
				}
			case literal, folded:
				if head := lineEnd(c.text, c.begin(value.Mark)); inDoc < head {
					behind = last
				} else if inDoc < c.end(last, value) {
					script := c.script(last, value, hash, line)
					return last, -1, script, script != nil
				}
			}
		}
	}
	return last, behind, nil, true
}

// quoted returns the end of a quoted scalar, its beginning if it is not quoted.
func (c *commenter) quoted(at int) int {
	if at >= len(c.text) {
		return at
	}
	switch quote := c.text[at]; quote {
	case '"', '\'':
		for i := at + 1; i < len(c.text); i++ {
			switch {
			case c.text[i] == '\\' && quote == '"':
				i++
			case c.text[i] == quote && quote == '\'' && strings.HasPrefix(c.text[i+1:], "'"):
				i++
			case c.text[i] == quote:
				return i + 1
			}
		}
		return len(c.text)
	}
	return at
}

// end returns the end of a quoted scalar or a block scalar in the document.
func (c *commenter) end(number int, n *Node) int {
	if c.known == number+1 && c.knownEnd > 0 {
		return c.knownEnd
	}
	begin := c.begin(n.Mark)
	c.known, c.knownEnd = number+1, c.quoted(begin)
	if n.style != literal && n.style != folded {
		return c.knownEnd
	}
	at := lineEnd(c.text, begin)
	indent := -1
	if header, _, _ := strings.Cut(c.text[begin:at], "#"); strings.ContainsAny(header, "123456789") {
		// Lines may begin with more blanks than the block is indented by.
		start := strings.LastIndexByte(c.text[:begin], '\n') + 1
		indent = indentation(c.text[start:begin]) + 1
	}
	for at < len(c.text) {
		end := len(c.text)
		if i := strings.IndexByte(c.text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if line := c.text[at:end]; strings.TrimSpace(line) != "" {
			if indent < 0 {
				indent = max(1, indentation(line))
			}
			if indentation(line) < indent {
				break
			}
		}
		at = end
	}
	c.knownEnd = max(at, 1)
	return c.knownEnd
}

// indentation returns the number of blanks at the beginning of a line.
func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// script returns the place of a # in a literal block scalar, nil if it is not known.
func (c *commenter) script(number int, n *Node, hash, line int) *Block {
	if n.style != literal || n.Kind != String {
		return nil
	}
	if c.linesOf != number+1 {
		c.lines, c.linesOf = starts(c.lines[:0], n.Text, false), number+1
	}
	head := c.line(c.begin(n.Mark) + c.start - c.lead)
	i := line - head - 1
	if i < 0 || i >= len(c.lines) {
		return nil
	}
	text := n.Text[c.lines[i]:]
	if end := strings.IndexByte(text, '\n'); end >= 0 {
		text = text[:end]
	}
	source := c.content(line)
	if !strings.HasSuffix(source, text) {
		return nil
	}
	b := &Block{Text: n.Text, Line: i, Offset: c.lines[i] + hash - c.starts[line] - (len(source) - len(text))}
	if b.Offset < c.lines[i] {
		return nil
	}
	if number >= 0 && c.items[number].key != nil {
		b.Key = c.items[number].key.Name
	}
	b.First, _ = c.file.position(c.lead + c.starts[min(head+1, len(c.starts)-1)])
	return b
}
