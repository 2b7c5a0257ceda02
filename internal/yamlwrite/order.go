package yamlwrite

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/tekwright/tekwright/internal/kinds"
)

// orderAsKind sorts the keys of an unstructured object in the order of the struct for
// its kind, if there is one. Keys that the struct does not have come last.
func (n *Node) orderAsKind() {
	apiVersion, kind := n.Get("apiVersion"), n.Get("kind")
	if apiVersion == nil || kind == nil || apiVersion.Kind != String || kind.Kind != String {
		return
	}
	if t := kinds.Shape(apiVersion.Text, kind.Text); t != nil {
		n.orderAs(t)
	}
}

func (n *Node) orderAs(t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	p := planOf(t)
	if p.special != nil || p.marshals != nil || p.marshalsAddr != nil {
		return
	}
	switch {
	case n.Kind == List && t.Kind() == reflect.Slice, n.Kind == Map && t.Kind() == reflect.Map:
		for i := range n.Items {
			n.Items[i].orderAs(t.Elem())
		}
	case n.Kind == Map && t.Kind() == reflect.Struct:
		n.orderFields(t, p.fields)
	}
}

// orderFields sorts the keys of a map in the order of the fields of t. It also sorts the
// maps in its items.
func (n *Node) orderFields(t reflect.Type, fields []field) {
	type entry struct {
		key  string
		item Node
		rank int
	}
	entries := make([]entry, len(n.Keys))
	for i, k := range n.Keys {
		rank := slices.IndexFunc(fields, func(f field) bool { return f.Name == k })
		entries[i] = entry{k, n.Items[i], rank}
		if rank >= 0 {
			entries[i].item.orderAs(t.FieldByIndex(fields[rank].Index).Type)
		} else {
			entries[i].rank = len(fields)
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.rank, b.rank) })
	for i, e := range entries {
		n.Keys[i], n.Items[i] = e.key, e.item
	}
}
