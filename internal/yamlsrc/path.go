package yamlsrc

import "github.com/tekwright/tekwright/pkg/diag"

// spot is how far a path leads.
type spot struct {
	node    *Node
	key     *Key // the key that the node stands under, nil for items of lists
	missing bool // the path leads further
}

// locate follows a path as far as there are values. A map has no fields apart
// from its keys.
func locate(root *Node, path diag.Path) spot {
	at := spot{node: root}
	for _, s := range path.Segments() {
		if s.Kind == diag.IndexSegment {
			if at.node.Kind != List || s.Index < 0 || s.Index >= len(at.node.Items) {
				at.missing = true
				return at
			}
			at = spot{node: at.node.Items[s.Index]}
			continue
		}
		i := at.node.Index(s.Name)
		if i < 0 {
			at.missing = true
			return at
		}
		at = spot{node: at.node.Items[i], key: &at.node.Keys[i]}
	}
	return at
}
