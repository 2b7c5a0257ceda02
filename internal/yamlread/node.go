// Package yamlread reads YAML and JSON as kubectl does, and records the position of
// each value.
package yamlread

import "strconv"

// Kind is the JSON type of a value.
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

// String returns the kind with an article: "a list".
func (k Kind) String() string {
	switch k {
	case Bool:
		return "a boolean"
	case Number:
		return "a number"
	case String:
		return "a string"
	case List:
		return "a list"
	case Map:
		return "a map"
	}
	return "empty"
}

// Node is one value of a document. An alias is represented by the node it refers
// to, so a node may have several parents, but never contains itself.
type Node struct {
	// Text is the value of a String, and the JSON of a Bool or a Number.
	Text string
	// Written is a Bool or a Number as written in the file: yes, 0755.
	Written string
	Keys    []Key // of a Map
	Items   []*Node
	Twice   []Twin // duplicate keys of a Map; the last one is used
	Mark    Mark
	Kind    Kind
	style   style
	shared  bool // aliases refer to it
}

// Key is the key of an item of a map.
type Key struct {
	Name string
	Mark Mark
	// Written is the key as written in the file, if YAML does not read it as a
	// string, such as n, which is read as "false". Otherwise it is "".
	Written string
}

// Twin is a duplicate key.
type Twin struct {
	Key
	First Mark
}

// Mark is a position in a document, as an offset in its text.
// [Document.Position] converts it to a position in the file.
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

// Index returns the index of a key in a map, -1 if the map does not have it.
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

// Value returns the value as encoding/json would decode it, but with int64 for
// integers, as in Kubernetes.
func (n *Node) Value() any {
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Number:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
			return i
		}
		f, _ := strconv.ParseFloat(n.Text, 64) // the text is a valid JSON number
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
