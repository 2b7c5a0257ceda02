// Package yamlread reads YAML and JSON as kubectl does, and remembers where
// each value stands.
package yamlread

import "strconv"

// Kind is what a value is in JSON.
type Kind uint8

// The kinds of values.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// String names the kind as a person would: "a list".
func (k Kind) String() string {
	switch k {
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a text"
	case List:
		return "a list"
	case Map:
		return "a map"
	}
	return "empty"
}

// Node is one value of a document. An alias of YAML is the node that it stands
// for, so that a node may be reached on several ways, but never from itself.
type Node struct {
	// Text is the value of a String, and the JSON of a Bool or a Number.
	Text string
	// Written is how a Bool or a Number is spelt in the file: yes, 0755.
	Written string
	Keys    []Key // of a Map
	Items   []*Node
	Twice   []Twin // keys of a Map that stand there again: the last counts
	Mark    Mark
	Kind    Kind
	style   style
	shared  bool // aliases stand for it
}

// Key is the key of an item of a map.
type Key struct {
	Name string
	Mark Mark
	// Written is how a key is spelt that YAML takes for something else than a
	// text, and calls otherwise: n, which is "false". It is "" for others.
	Written string
}

// Twin is a key that a map has already.
type Twin struct {
	Key
	First Mark
}

// Mark is a place in a document: an offset in its text. [Document.Position] makes
// one of the file of it.
type Mark int32

// style is how a scalar is written.
type style uint8

const (
	plain style = iota
	single
	double
	literal
	folded
	block // a map or a list that is not in braces or brackets
)

// Get returns the item of a map with that key, nil if there is none.
func (n *Node) Get(key string) *Node {
	if i := n.Index(key); i >= 0 {
		return n.Items[i]
	}
	return nil
}

// Index returns the place of a key in a map, -1 if it is not there.
func (n *Node) Index(key string) int {
	if n == nil || n.Kind != Map {
		return -1
	}
	for i := range n.Keys {
		if n.Keys[i].Name == key {
			return i
		}
	}
	return -1
}

// Remove takes an item out of a map.
func (n *Node) Remove(i int) {
	n.Keys = append(n.Keys[:i:i], n.Keys[i+1:]...)
	n.Items = append(n.Items[:i:i], n.Items[i+1:]...)
}

// Value is the value as encoding/json would read it, with int64 for whole
// numbers as Kubernetes does.
func (n *Node) Value() any {
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Number:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i
		}
		f, _ := strconv.ParseFloat(n.Text, 64) // the text is a number of JSON
		return f
	case String:
		return n.Text
	case List:
		l := make([]any, len(n.Items))
		for i, item := range n.Items {
			l[i] = item.Value()
		}
		return l
	case Map:
		m := make(map[string]any, len(n.Items))
		for i, item := range n.Items {
			m[n.Keys[i].Name] = item.Value()
		}
		return m
	}
	return nil
}
