package manifest

import (
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/conversion"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
)

// fieldChanges compares an object of v1beta1 with the converted one.
func fieldChanges(from, to runtime.Object) ([]FieldChange, error) {
	before, err := leavesOf(from)
	if err != nil {
		return nil, err
	}
	after, err := leavesOf(to)
	if err != nil {
		return nil, err
	}
	c := changes{gone: map[string]bool{}, seen: map[string]bool{}}
	for _, path := range before {
		c.gone[path.String()] = true
	}
	var added []diag.Path
	kept := map[string]bool{} // the old paths below which some value is kept
	for _, path := range after {
		old := conversion.Path(from, path)
		if !c.gone[old.String()] {
			added = append(added, path)
			continue
		}
		delete(c.gone, old.String())
		for at := old; !at.IsRoot(); at = at.Parent() {
			kept[at.String()] = true
		}
		if !old.Equal(path) {
			c.add(highestMoved(old, path))
		}
	}
	for _, path := range before {
		if c.gone[path.String()] {
			c.add(FieldChange{From: highest(path, kept)})
		}
	}
	for _, path := range added {
		c.add(FieldChange{To: path})
	}
	return c.list, nil
}

type changes struct {
	gone map[string]bool // old paths without a new one
	list []FieldChange
	seen map[string]bool // changes in the list
}

// add adds a change, unless it is already in the list.
func (c *changes) add(f FieldChange) {
	if key := f.String(); !c.seen[key] {
		c.seen[key] = true
		c.list = append(c.list, f)
	}
}

// highestMoved returns the change of the highest field whose path differs.
func highestMoved(from, to diag.Path) FieldChange {
	for {
		f, t := from.Parent(), to.Parent()
		if f.IsRoot() || t.IsRoot() || from.Last() != to.Last() || t.HasPrefix(f) || f.HasPrefix(t) {
			return FieldChange{from, to}
		}
		from, to = f, t
	}
}

// highest returns the highest parent of a path below which no value is kept.
func highest(path diag.Path, kept map[string]bool) diag.Path {
	for !path.Parent().IsRoot() && !kept[path.Parent().String()] {
		path = path.Parent()
	}
	return path
}

// leavesOf returns the paths of all values without nested values, except the API
// version.
func leavesOf(o runtime.Object) ([]diag.Path, error) {
	root, err := yamlwrite.Of(o)
	if err != nil {
		return nil, err
	}
	var all []diag.Path
	// Keys of free maps and of param values are data, not fields.
	var walk func(n *yamlwrite.Node, path diag.Path)
	walk = func(n *yamlwrite.Node, path diag.Path) {
		if len(n.Items) == 0 {
			if !path.Equal(diag.Fields("apiVersion")) {
				all = append(all, path)
			}
			return
		}
		last := path.Last()
		data := n.Free || last.Kind == diag.FieldSegment && (last.Name == "value" || last.Name == "default")
		for i := range n.Items {
			switch {
			case n.Kind == yamlwrite.List:
				walk(&n.Items[i], path.Index(i))
			case data:
				walk(&n.Items[i], path.Key(n.Keys[i]))
			default:
				walk(&n.Items[i], path.Field(n.Keys[i]))
			}
		}
	}
	walk(&root, diag.Path{})
	return all, nil
}
