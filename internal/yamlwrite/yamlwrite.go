// Package yamlwrite converts upstream objects to ordered trees without empty fields, and
// trees to readable YAML.
//
// [Of] traverses an object like encoding/json, in the order of the fields in the upstream
// struct, and omits redundant fields. [Node.AppendYAML] writes a tree. [Append] does both
// in one pass. YAML 1.1 and 1.2 parsers read the result as the same value.
package yamlwrite

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Kind is the kind of a node.
type Kind uint8

// The kinds of nodes.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// Node is a value: a scalar, a list or a map with ordered keys.
type Node struct {
	Kind  Kind
	Text  string   // of a String; of a Bool or Number as in JSON
	Keys  []string // of a Map: the key of each item
	Items []Node   // of a List or Map

	// Free reports whether the keys of a Map are arbitrary, such as those of labels or
	// of a ConfigMap, and not the names of fields.
	Free bool
	// Block reports whether a String is written as a literal block even if it is a
	// single line.
	Block bool
}

func (n *Node) empty() bool { return len(n.Items) == 0 }

// Get returns the item of a key, or nil if there is none.
func (n *Node) Get(key string) *Node {
	if i := slices.Index(n.Keys, key); i >= 0 {
		return &n.Items[i]
	}
	return nil
}

func (n *Node) add(key string, item Node) {
	n.Keys = append(n.Keys, key)
	n.Items = append(n.Items, item)
}

// remove removes a key and its item.
func (n *Node) remove(key string) {
	if i := slices.Index(n.Keys, key); i >= 0 {
		n.Keys = slices.Delete(n.Keys, i, i+1)
		n.Items = slices.Delete(n.Items, i, i+1)
	}
}

// moveFirst moves the given keys to the front, in their order.
func (n *Node) moveFirst(keys ...string) {
	at := 0
	for _, k := range keys {
		i := slices.Index(n.Keys, k)
		if i < 0 {
			continue
		}
		if i == at {
			at++
			continue
		}
		item := n.Items[i]
		n.Keys = slices.Insert(slices.Delete(n.Keys, i, i+1), at, k)
		n.Items = slices.Insert(slices.Delete(n.Items, i, i+1), at, item)
		at++
	}
}

// nameFirst moves the name of a list item to the front, unless the item has a kind: the
// subjects of a RoleBinding conventionally begin with it.
func (n *Node) nameFirst() {
	if n.Kind == Map && !n.Free && n.Get("kind") == nil {
		n.moveFirst("name")
	}
}

// segment returns the segment of a path from a list or a map to its item i.
func (n *Node) segment(i int) diag.Segment {
	switch {
	case n.Kind == List:
		return diag.Segment{Index: i, Kind: diag.IndexSegment}
	case n.Free || strings.ContainsAny(n.Keys[i], `.[]"`):
		return diag.Segment{Name: n.Keys[i], Kind: diag.KeySegment}
	}
	return diag.Segment{Name: n.Keys[i]}
}

// reversedPath returns the path of segments that are in reverse order, as recursive
// functions append them.
func reversedPath(segments []diag.Segment) diag.Path {
	slices.Reverse(segments)
	return diag.NewPath(segments...)
}

// Find returns the path of the first string or key for which match is true.
func (n *Node) Find(match func(string) bool) (path diag.Path, found bool) {
	back, found := n.find(match)
	return reversedPath(back), found
}

func (n *Node) find(match func(string) bool) (back []diag.Segment, found bool) {
	if n.Kind == String && match(n.Text) {
		return nil, true
	}
	for i := range n.Items {
		if n.Kind == Map && match(n.Keys[i]) {
			return []diag.Segment{n.segment(i)}, true
		}
		if back, ok := n.Items[i].find(match); ok {
			return append(back, n.segment(i)), true
		}
	}
	return nil, false
}

// Difference returns the path of the first value that differs between a and b. The
// result equal reports whether there is none. The order of keys does not matter.
func Difference(a, b *Node) (path diag.Path, equal bool) {
	back, equal := difference(a, b)
	return reversedPath(back), equal
}

func difference(a, b *Node) (back []diag.Segment, equal bool) {
	if a.Kind != b.Kind || a.Text != b.Text {
		return nil, false
	}
	if a.Kind == List {
		for i := range min(len(a.Items), len(b.Items)) {
			if back, ok := difference(&a.Items[i], &b.Items[i]); !ok {
				return append(back, a.segment(i)), false
			}
		}
		return nil, len(a.Items) == len(b.Items)
	}
	for i, k := range a.Keys {
		other := b.Get(k)
		if other == nil {
			return []diag.Segment{a.segment(i)}, false
		}
		if back, ok := difference(&a.Items[i], other); !ok {
			return append(back, a.segment(i)), false
		}
	}
	for i, k := range b.Keys {
		if a.Get(k) == nil {
			return []diag.Segment{b.segment(i)}, false
		}
	}
	return nil, true
}
