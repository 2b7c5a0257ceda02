package yamlwrite

import "strings"

// indent is the number of spaces per level.
const indent = 2

// longKey is the maximum length of a key that is written without ?, because readers
// limit the distance of the colon from the beginning of such a key.
const longKey = 500

// AppendYAML appends the tree to b as a YAML document, without document markers. The
// document ends with a line break.
func (n *Node) AppendYAML(b []byte) []byte {
	switch {
	case n.Kind == Map && !n.empty():
		return n.appendMap(b, 0, false)
	case n.Kind == List && !n.empty():
		return n.appendList(b, 0, false)
	}
	return append(n.appendFlow(b), '\n')
}

// appendMap appends a map whose keys are in column. The first key continues the last
// line of b if inline is true.
func (n *Node) appendMap(b []byte, column int, inline bool) []byte {
	for i, k := range n.Keys {
		if i > 0 || !inline {
			b = appendSpaces(b, column)
		}
		key := appendQuoted(nil, k)
		if len(key) > longKey {
			b = append(b, "? "...)
			b = append(b, key...)
			b = appendSpaces(append(b, '\n'), column)
		} else {
			b = append(b, key...)
		}
		b = append(b, ':')
		b = n.Items[i].appendValue(b, column)
	}
	return b
}

// appendValue appends the value after the colon of a key in column.
func (n *Node) appendValue(b []byte, column int) []byte {
	switch {
	case n.Kind == Map && !n.empty():
		return n.appendMap(append(b, '\n'), column+indent, false)
	case n.Kind == List && !n.empty():
		return n.appendList(append(b, '\n'), column+indent, false)
	case n.literal():
		return appendLiteral(append(b, ' '), n.Text, column+indent)
	}
	return append(n.appendFlow(append(b, ' ')), '\n')
}

// appendList appends a list whose dashes are in column. The first dash continues the
// last line of b if inline is true.
func (n *Node) appendList(b []byte, column int, inline bool) []byte {
	for i := range n.Items {
		if i > 0 || !inline {
			b = appendSpaces(b, column)
		}
		b = append(b, "- "...)
		item := &n.Items[i]
		switch {
		case item.Kind == Map && !item.empty():
			b = item.appendMap(b, column+indent, true)
		case item.Kind == List && !item.empty():
			b = item.appendList(b, column+indent, true)
		case item.literal():
			b = appendLiteral(b, item.Text, column+indent)
		default:
			b = append(item.appendFlow(b), '\n')
		}
	}
	return b
}

// appendFlow appends a node that fits into a line: a scalar, {} or [].
func (n *Node) appendFlow(b []byte) []byte {
	switch n.Kind {
	case Null:
		return append(b, "null"...)
	case Bool, Number:
		return append(b, n.Text...)
	case String:
		return appendQuoted(b, n.Text)
	case List:
		return append(b, "[]"...)
	}
	return append(b, "{}"...)
}

// literal reports whether the node is written as a literal block.
func (n *Node) literal() bool {
	return n.Kind == String && (n.Block || strings.Contains(n.Text, "\n")) && blockable(n.Text)
}

func appendSpaces(b []byte, n int) []byte {
	for range n {
		b = append(b, ' ')
	}
	return b
}
