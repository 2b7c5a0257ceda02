package yamlread

import (
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// RenameKey returns the edit that gives a key another name, in the style in which it is
// written. It returns false if the key is not simply written at its mark, such as one that
// is an alias, or if the name would need quotes.
func (d extent) RenameKey(k Key, name string) (diag.Edit, bool) {
	written := k.Name
	if k.Written != "" {
		written = k.Written
	}
	begin := d.begin(k.Mark)
	if begin != int(k.Mark) || begin >= len(d.text) || !isWord(name) {
		return diag.Edit{}, false
	}
	quote := ""
	if c := d.text[begin]; c == '"' || c == '\'' {
		quote = d.text[begin : begin+1]
		begin++
	}
	rest, ok := strings.CutPrefix(d.text[begin:], written+quote)
	if rest = strings.TrimLeft(rest, " \t"); !ok || written == "" || rest == "" || rest[0] != ':' {
		return diag.Edit{}, false
	}
	return d.edit(begin, begin+len(written), name), true
}

// Quote returns the edits that make a number or a boolean the string that is written. It
// returns false if something else changes with it: an alias that refers to the value, or a
// tag that says what it is.
func (d extent) Quote(n *Node) ([]diag.Edit, bool) {
	begin, ok := d.scalar(n, plain)
	if !ok || n.Kind != Number && n.Kind != Bool || n.Written == "" || strings.ContainsAny(n.Written, "\"\\\r\n") ||
		!strings.HasPrefix(d.text[begin:], n.Written) {
		return nil, false
	}
	end := begin + len(n.Written)
	return []diag.Edit{d.edit(begin, begin, `"`), d.edit(end, end, `"`)}, true
}

// QuoteKey returns the edits that make a key the string that is written.
func (d extent) QuoteKey(k Key) ([]diag.Edit, bool) {
	begin := int(k.Mark)
	if d.begin(k.Mark) != begin || k.Written == "" || strings.ContainsAny(k.Written, "\"\\\r\n") || !strings.HasPrefix(d.text[begin:], k.Written) {
		return nil, false
	}
	end := begin + len(k.Written)
	if rest := strings.TrimLeft(d.text[end:], " \t"); rest == "" || rest[0] != ':' {
		return nil, false
	}
	return []diag.Edit{d.edit(begin, begin, `"`), d.edit(end, end, `"`)}, true
}

// Unquote returns the edits that make a string a number or a boolean, with the conditions
// of [extent.Quote].
func (d extent) Unquote(n *Node) ([]diag.Edit, bool) {
	begin, ok := d.scalar(n, single)
	if !ok {
		begin, ok = d.scalar(n, double)
	}
	if !ok || n.Kind != String || n.Text == "" {
		return nil, false
	}
	if s, err := resolve("", n.Text, false); err != nil || s.kind != Number && s.kind != Bool {
		return nil, false
	}
	quote := d.text[begin : begin+1]
	end := begin + len(n.Text) + 2
	if !strings.HasPrefix(d.text[begin:], quote+n.Text+quote) {
		return nil, false
	}
	return []diag.Edit{d.edit(begin, begin+1, ""), d.edit(end-1, end, "")}, true
}

// scalar returns where a scalar of a style begins. It returns false if it has an anchor or
// a tag, or is of another style.
func (d extent) scalar(n *Node, how style) (begin int, ok bool) {
	if n == nil || n.shared || n.style != how || len(n.Items) > 0 {
		return 0, false
	}
	begin = d.begin(n.Mark)
	return begin, begin == int(n.Mark) && begin < len(d.text)
}

// edit returns the edit of a part of the document, as one of the stream.
func (d extent) edit(begin, end int, text string) diag.Edit {
	return diag.Edit{Start: d.start + begin, End: d.start + end, New: text}
}

// isWord reports whether a text is a string without quotes anywhere in YAML, and is no more
// than letters, digits and what names have between them.
func isWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
		case i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '/'):
		default:
			return false
		}
	}
	r, err := resolve("", s, false)
	return s != "" && err == nil && r.kind == String
}
