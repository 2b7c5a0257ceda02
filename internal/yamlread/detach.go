package yamlread

import (
	"slices"
	"strings"
)

// detachedLine is the maximum length of what a detached document has of the line of its last value.
const detachedLine = 256

// Detached returns a copy of the document and of its root, or of a part of the root, that do
// not keep the stream in memory: the text of the copy ends behind the line in which the
// value at a mark begins. Positions are those in the stream. It returns nil if the value is
// not all before that, or if the document has anchors.
func (d *Document) Detached(root *Node, last Mark) (*Document, *Node) {
	if d.Anchors || !root.isBefore(last) || int(last) > len(d.text) {
		return nil, nil
	}
	end := int(last)
	if n := strings.IndexByte(d.text[end:], '\n'); n >= 0 && n < detachedLine {
		end += n
	} else if n < 0 && len(d.text)-end < detachedLine {
		end = len(d.text)
	}
	line, _ := d.file.position(d.start)
	from := int(d.file.lines[line-1-d.file.above])
	text := strings.Clone(d.file.text[from : d.start-d.file.before+end])
	f := &file{text: text, before: d.file.before + from, above: line - 1}
	return &Document{extent: extent{f, text[d.start-f.before:], d.start}, Line: d.Line}, root.clone()
}

// isBefore reports whether a value and all that it contains begin before a mark, or at it.
func (n *Node) isBefore(last Mark) bool {
	return n.Mark <= last && len(n.Twice) == 0 &&
		!slices.ContainsFunc(n.Keys, func(k Key) bool { return k.Mark > last }) &&
		!slices.ContainsFunc(n.Items, func(item *Node) bool { return !item.isBefore(last) })
}

// clone returns a copy whose texts are copies as well.
func (n *Node) clone() *Node {
	out := *n
	out.Text, out.Written = strings.Clone(n.Text), strings.Clone(n.Written)
	out.Keys = slices.Clone(n.Keys)
	for i := range out.Keys {
		out.Keys[i].Name, out.Keys[i].Written = strings.Clone(out.Keys[i].Name), strings.Clone(out.Keys[i].Written)
	}
	out.Items = make([]*Node, len(n.Items))
	for i, item := range n.Items {
		out.Items[i] = item.clone()
	}
	return &out
}
