package manifest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// isDefinition reports whether an object is a CustomResourceDefinition. In many repositories,
// most of the text is the schemas in them.
func isDefinition(ref diag.ObjectRef) bool {
	return ref.Kind == "CustomResourceDefinition" && strings.HasPrefix(ref.APIVersion, "apiextensions.k8s.io/")
}

// brief returns an object with a digest instead of its spec and its status: no rule reads
// them, but whether those of two objects are equal matters. All that is left is before the
// mark, unless the object has more behind its spec.
func brief(root *yamlread.Node) (*yamlread.Node, yamlread.Mark) {
	at, status := root.Index("spec"), root.Index("status")
	if at < 0 {
		return root, 0
	}
	part, spec := *root, *root.Items[at]
	d := digest{hash: sha256.New()}
	d.add(&spec)
	if status >= 0 {
		d.add(root.Items[status])
	}
	spec.Kind, spec.Text, spec.Written, spec.Keys, spec.Items = yamlread.String, d.text(), "", nil, nil
	part.Items = slices.Clone(root.Items)
	part.Items[at] = &spec
	if status >= 0 {
		part.Items = slices.Delete(part.Items, status, status+1)
		part.Keys = slices.Delete(slices.Clone(root.Keys), status, status+1)
	}
	return &part, spec.Mark
}

// shorten returns what is left of an object in a document. If it is the document, it does not
// refer to the text of the stream.
func shorten(doc *yamlread.Document, root *yamlread.Node) (*yamlread.Document, *yamlread.Node) {
	part, last := brief(root)
	if root != doc.Root { // the document may have many
		return doc, part
	}
	if small, copied := doc.Detached(part, last); small != nil {
		return small, copied
	}
	return doc, part
}

// digest computes a hash that is the same for nodes with equal values.
type digest struct {
	hash   hash.Hash
	buffer []byte
}

func (d *digest) text() string {
	d.hash.Write(d.buffer)
	return hex.EncodeToString(d.hash.Sum(nil))
}

func (d *digest) number(n uint64) { d.buffer = binary.AppendUvarint(d.buffer, n) }

func (d *digest) string(s string) {
	d.number(uint64(len(s)))
	d.buffer = append(d.buffer, s...)
}

func (d *digest) add(n *yamlread.Node) {
	if len(d.buffer) >= 1<<12 {
		d.hash.Write(d.buffer)
		d.buffer = d.buffer[:0]
	}
	d.buffer = append(d.buffer, byte(n.Kind))
	switch n.Kind {
	case yamlread.Map:
		d.number(uint64(len(n.Items)))
		order := make([]int, len(n.Items))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return strings.Compare(n.Keys[a].Name, n.Keys[b].Name) })
		for _, i := range order {
			d.string(n.Keys[i].Name)
			d.add(n.Items[i])
		}
	case yamlread.List:
		d.number(uint64(len(n.Items)))
		for _, item := range n.Items {
			d.add(item)
		}
	case yamlread.Number: // the same number may be written in several ways
		switch v := n.Value().(type) {
		case int64:
			d.buffer = append(d.buffer, 'i')
			d.number(uint64(v))
		case float64:
			d.buffer = append(d.buffer, 'f')
			d.number(math.Float64bits(v))
		}
	default:
		d.string(n.Text)
	}
}
