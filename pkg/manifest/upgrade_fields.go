package manifest

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/beta"
	"github.com/tekwright/tekwright/internal/tree"
)

// fieldChanges compares an object of v1beta1 with what became of it.
func fieldChanges(from, to runtime.Object) ([]FieldChange, error) {
	before, err := leavesOf(from)
	if err != nil {
		return nil, err
	}
	after, err := leavesOf(to)
	if err != nil {
		return nil, err
	}
	c := changes{gone: map[string]bool{}, seen: map[FieldChange]bool{}}
	for _, path := range before {
		c.gone[path] = true
	}
	var added []string
	kept := map[string]bool{} // the old paths that something below still stands at
	for _, path := range after {
		old := beta.Path(from, path)
		if !c.gone[old] {
			added = append(added, path)
			continue
		}
		delete(c.gone, old)
		for _, at := range above(old) {
			kept[at] = true
		}
		if old != path {
			c.add(moved(old, path))
		}
	}
	for _, path := range before {
		if c.gone[path] {
			c.add(FieldChange{From: highest(path, kept)})
		}
	}
	for _, path := range added {
		c.add(FieldChange{To: path})
	}
	return c.list, nil
}

type changes struct {
	gone map[string]bool // paths of before that nothing of after was found for
	list []FieldChange
	seen map[FieldChange]bool
}

// add lists a change once, whatever number of values it moves.
func (c *changes) add(f FieldChange) {
	if !c.seen[f] {
		c.seen[f] = true
		c.list = append(c.list, f)
	}
}

// moved is the change of the highest field that has another path.
func moved(from, to string) FieldChange {
	for {
		f, t := above(from), above(to)
		if len(f) < 2 || len(t) < 2 {
			return FieldChange{from, to}
		}
		f1, t1 := f[len(f)-2], t[len(t)-2]
		if from[len(f1):] != to[len(t1):] || strings.HasPrefix(t1+".", f1+".") || strings.HasPrefix(f1+".", t1+".") {
			return FieldChange{from, to}
		}
		from, to = f1, t1
	}
}

// highest is the first of the paths above one that nothing is kept at.
func highest(path string, kept map[string]bool) string {
	for _, at := range above(path) {
		if !kept[at] {
			return at
		}
	}
	return path
}

// above lists the values that hold the one at a path, the outermost first, and
// itself.
func above(path string) []string {
	var all []string
	quoted := false
	for i := 0; i < len(path); i++ {
		switch {
		case quoted && path[i] == '\\':
			i++
		case path[i] == '"':
			quoted = !quoted
		case !quoted && (path[i] == '.' || path[i] == '['):
			all = append(all, path[:i])
		}
	}
	return append(all, path)
}

// leavesOf lists the paths of what is written of an object, but for its API
// version: of the values that hold no other.
func leavesOf(o runtime.Object) ([]string, error) {
	root, err := tree.Of(o)
	if err != nil {
		return nil, err
	}
	var all []string
	// Keys of data are quoted: of free maps, and of the values of params.
	var walk func(n *tree.Node, path string)
	walk = func(n *tree.Node, path string) {
		if len(n.Items) == 0 {
			if path != "apiVersion" {
				all = append(all, path)
			}
			return
		}
		for i := range n.Items {
			switch {
			case n.Kind == tree.List:
				walk(&n.Items[i], path+"["+strconv.Itoa(i)+"]")
			case n.Free || strings.HasSuffix(path, ".value") || strings.HasSuffix(path, ".default"):
				walk(&n.Items[i], path+"["+strconv.Quote(n.Keys[i])+"]")
			case path == "":
				walk(&n.Items[i], n.Keys[i])
			default:
				walk(&n.Items[i], path+"."+n.Keys[i])
			}
		}
	}
	walk(&root, "")
	return all, nil
}
