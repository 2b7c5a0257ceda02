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

// brief returns an object with a digest instead of its spec: no rule reads it, but whether
// those of two objects are equal matters.
func brief(root *yamlread.Node) *yamlread.Node {
	at := root.Index("spec")
	if at < 0 {
		return root
	}
	part, spec := *root, *root.Items[at]
	d := digest{hash: sha256.New()}
	d.add(&spec)
	spec.Kind, spec.Text, spec.Written, spec.Keys, spec.Items = yamlread.String, d.text(), "", nil, nil
	part.Items = slices.Clone(root.Items)
	part.Items[at] = &spec
	return &part
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
