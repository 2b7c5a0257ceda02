package yamlwrite

import (
	"bytes"
	"encoding/json"
)

// JSON returns the tree as JSON, with the keys in the order of the tree.
func (n *Node) JSON() ([]byte, error) {
	var b bytes.Buffer
	if err := n.json(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (n *Node) json(b *bytes.Buffer) error {
	switch n.Kind {
	case Null:
		b.WriteString("null")
	case Bool, Number:
		b.WriteString(n.Text)
	case String:
		return quote(b, n.Text)
	case List:
		b.WriteByte('[')
		for i := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := n.Items[i].json(b); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case Map:
		b.WriteByte('{')
		for i := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := quote(b, n.Keys[i]); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := n.Items[i].json(b); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	}
	return nil
}

// quote writes a string without escaping HTML, so that "<" is readable in templates.
func quote(b *bytes.Buffer, s string) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the line break that Encode adds
	return nil
}
