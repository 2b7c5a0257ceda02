package yamlread

import (
	"slices"
	"sort"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Remark is a comment with the value that it is about.
type Remark struct {
	Text  string // behind the #, up to the end of the line
	Line  int    // in the stream
	Path  diag.Path
	Place Place
}

// Place is where a comment is.
type Place uint8

// The places of comments.
const (
	Above Place = iota // above the value at the path, or above the document if the path is empty
	End                // at the end of the line in which the value begins
	Below              // below the value, before a line that is indented less, or at the end
)

// Remarks returns all comments of the document and those directly above it. What is in a block
// scalar, such as a script, is not one of them.
func (d *Document) Remarks() []Remark {
	if d.Root == nil {
		return nil
	}
	lead := d.lead()
	text := d.file.text[lead : d.start+len(d.text)]
	if !strings.Contains(text, "#") {
		return nil
	}
	c := commenter{Document: d, lead: lead, all: text, starts: starts[int](nil, text, false)}
	c.add(d.Root, -1)
	var found []Remark
	var pending []indented // comments of their own lines, whose next line with content is not known yet
	for line := range c.starts {
		content := c.content(line)
		hash, last := c.hash(line, content)
		trimmed := strings.TrimSpace(strings.TrimPrefix(content, "\ufeff"))
		own := hash >= 0 && strings.TrimLeft(content[:hash-c.starts[line]], " \t\ufeff") == ""
		if !own && trimmed != "" {
			c.above(found, pending, line)
			pending = pending[:0]
		}
		if hash < 0 {
			continue
		}
		one := Remark{Text: strings.TrimRight(content[hash-c.starts[line]+1:], " \t"), Path: c.path(last), Place: End}
		one.Line, _ = c.file.position(c.lead + hash)
		found = append(found, one)
		if own {
			indent := hash - c.starts[line]
			pending = append(pending, indented{len(found) - 1, indent})
			found[len(found)-1].Place, found[len(found)-1].Path = Below, c.path(c.neighbour(last, indent))
		}
	}
	return found
}

// hash returns the offset in all of the # that begins the comment of a line, -1 for none, and
// the item that begins last before it.
func (c *commenter) hash(line int, content string) (hash, last int) {
	for i := range len(content) {
		if content[i] != '#' || i > 0 && !blank(content[i-1]) && !(i == len("\ufeff") && content[:i] == "\ufeff") {
			continue
		}
		last, _, script, ok := c.spot(c.starts[line]+i, line)
		if ok {
			if script != nil {
				return -1, -1
			}
			return c.starts[line] + i, last
		}
	}
	return -1, -1
}

// above says which item comments are above: the outermost one that begins in a line, unless
// the comments are indented more than it.
func (c *commenter) above(found []Remark, pending []indented, line int) {
	if len(pending) == 0 {
		return
	}
	from := c.starts[line] + c.lead - c.start
	i := sort.Search(len(c.items), func(i int) bool { return c.items[i].begin >= from })
	if i == len(c.items) || c.line(c.items[i].begin+c.start-c.lead) != line {
		return
	}
	indent := indentation(c.content(line))
	for _, p := range pending {
		if p.by > indent && i > 0 {
			continue
		}
		found[p.remark].Place, found[p.remark].Path = Above, c.path(i)
		if i == 0 {
			found[p.remark].Path = diag.Path{}
		}
	}
}

// indented is a comment in a line of its own, and its indentation.
type indented struct{ remark, by int }

// neighbour returns the item that a comment below it belongs to: the outermost one that
// contains the given one and is not indented less than the comment.
func (c *commenter) neighbour(i, indent int) int {
	for i >= 0 && c.items[i].parent >= 0 {
		up := c.items[i].parent
		at := c.line(c.items[up].begin + c.start - c.lead)
		if indentation(c.content(at)) < indent {
			break
		}
		i = up
	}
	return i
}

// path returns the path of an item.
func (c *commenter) path(i int) diag.Path {
	var segments []diag.Segment
	for ; i >= 0; i = c.items[i].parent {
		s := diag.Segment{Index: c.items[i].index, Kind: diag.IndexSegment}
		if k := c.items[i].key; k != nil {
			s = diag.Segment{Name: k.Name}
		}
		segments = append(segments, s)
	}
	slices.Reverse(segments)
	return diag.NewPath(segments...)
}
