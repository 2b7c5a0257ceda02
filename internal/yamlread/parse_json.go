package yamlread

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// readJSON reads one JSON value at the beginning of text, and returns its node and
// size. The node is nil if the text is not JSON; it may still be YAML.
func readJSON(text string) (n *Node, size int, err *fault) {
	r := jsonReader{text: text}
	n = r.value(0)
	if n == nil {
		return nil, 0, r.err
	}
	return n, r.at, nil
}

// strayJSON finds an unexpected bracket, comma or colon in JSON; false if the text
// is not JSON or ends too early.
func strayJSON(text string) (int, bool) {
	if !inBrackets(text) {
		return 0, false
	}
	begin := skipBlank(text, 0)
	r := jsonReader{text: text[begin:]}
	if r.value(0) != nil {
		r.blanks() // there is text after the value
	}
	if r.at >= len(r.text) || strings.IndexByte("]},:", r.text[r.at]) < 0 {
		return 0, false
	}
	return begin + r.at, true
}

// inBrackets reports whether a text may be JSON.
func inBrackets(text string) bool {
	at := skipBlank(text, 0)
	return at < len(text) && (text[at] == '{' || text[at] == '[')
}

type jsonReader struct {
	text string
	at   int
	err  *fault // an exceeded limit; other faults are reported by the YAML parser
}

func (r *jsonReader) blanks() {
	for r.at < len(r.text) && blank(r.text[r.at]) {
		r.at++
	}
}

// next skips blanks and consumes c if it follows.
func (r *jsonReader) next(c byte) bool {
	r.blanks()
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *jsonReader) value(depth int) *Node {
	r.blanks()
	if r.at >= len(r.text) {
		return nil
	}
	if depth > maxDepth {
		r.err = &fault{mark: Mark(r.at), limit: true, err: errTooDeep}
		return nil
	}
	n := &Node{Mark: Mark(r.at)}
	switch r.text[r.at] {
	case '{':
		return r.object(n, depth)
	case '[':
		return r.array(n, depth)
	case '"':
		s, ok := r.string()
		if !ok {
			return nil
		}
		n.Kind, n.Text, n.style = String, s, double
		return n
	}
	start := r.at
	for r.at < len(r.text) && !blank(r.text[r.at]) && strings.IndexByte(",:[]{}\"", r.text[r.at]) < 0 {
		r.at++
	}
	n.Text = r.text[start:r.at]
	n.Written = n.Text
	switch {
	case n.Text == "null":
		n.Text = ""
	case n.Text == "true" || n.Text == "false":
		n.Kind = Bool
	case json.Valid([]byte(n.Text)):
		n.Kind = Number
	default:
		return nil
	}
	return n
}

func (r *jsonReader) object(n *Node, depth int) *Node {
	r.at++
	n.Kind = Map
	m := mapMaker{out: n}
	if r.next('}') {
		return n
	}
	for {
		r.blanks()
		mark := Mark(r.at)
		if r.at >= len(r.text) || r.text[r.at] != '"' {
			return nil
		}
		name, ok := r.string()
		if !ok || !r.next(':') {
			return nil
		}
		item := r.value(depth + 1)
		if item == nil {
			return nil
		}
		m.set(Key{Name: name, Mark: mark}, item, true)
		if r.next('}') {
			return n
		}
		if !r.next(',') {
			return nil
		}
	}
}

func (r *jsonReader) array(n *Node, depth int) *Node {
	r.at++
	n.Kind = List
	if r.next(']') {
		return n
	}
	for {
		item := r.value(depth + 1)
		if item == nil {
			return nil
		}
		n.Items = append(n.Items, item)
		if r.next(']') {
			return n
		}
		if !r.next(',') {
			return nil
		}
	}
}

// string reads a string; the reader is at its opening quote.
func (r *jsonReader) string() (string, bool) {
	start := r.at
	simple := true
	for r.at++; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '\\':
			simple = false
			r.at++
		case c == '"':
			r.at++
			s := r.text[start:r.at]
			if !utf8.ValidString(s) {
				return "", false
			}
			if simple {
				return s[1 : len(s)-1], true
			}
			var out string
			err := json.Unmarshal([]byte(s), &out)
			return out, err == nil
		case c < ' ':
			return "", false
		}
	}
	return "", false
}
