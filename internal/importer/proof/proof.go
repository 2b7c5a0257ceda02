// Package proof shows that a set describes the objects that it was imported from.
//
// What counts as the same is defined by package same. The command tekwright import --check
// and package importtest are thin layers above this package.
package proof

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// Options are the options of [Compare].
type Options struct {
	// Exact compares objects as they are written: the order of all lists counts, and
	// Tekton's defaults differ from absent values.
	Exact bool
	// Hide returns a text without what must not be shown. If it is nil, values are shown as
	// they are. Values of Secrets are never among them.
	Hide func(string) string
}

// Kind is the kind of a difference.
type Kind uint8

// The kinds of differences.
const (
	Differs Kind = iota // a part of an object differs
	Missing             // the Go does not describe the object
	Added               // there is no original of the object
	Twice               // there are two originals of one identity that differ
)

// Difference is one difference between the originals and what the Go describes.
type Difference struct {
	Kind   Kind
	Object diag.ObjectRef
	// Path is the part of the original that differs.
	Path diag.Path
	// Original and Described are where the part, or what contains it, is in the original and
	// in the Go. For Twice, Described is the place of the other original.
	Original, Described diag.Position
	// Want and Got are the values of the part in the original and in the Go, as one line. A
	// part that is absent is "".
	Want, Got string
	// Diff is a unified diff for texts of several lines, and "" for other values.
	Diff string
}

// Compare returns the differences between objects that were read and those that Go describes,
// sorted by the positions in the originals. It upgrades both, and compares objects of one
// group, kind, namespace and name; those without a name by generateName.
func Compare(originals, described []object.Object, o Options) []Difference {
	c := &comparer{Options: o, got: map[identity][]*entry{}}
	for _, e := range c.entries(described) {
		c.got[e.identity] = append(c.got[e.identity], e)
	}
	want := c.entries(originals)
	rest := make([]*entry, 0, len(want))
	for _, e := range want {
		if !c.matched(e) {
			rest = append(rest, e)
		}
	}
	for _, e := range rest {
		c.other(e)
	}
	for _, list := range c.got {
		for _, e := range list {
			if e.with == nil && !c.copied(e, want) {
				c.found = append(c.found, Difference{Kind: Added, Object: e.Ref(), Described: e.At(diag.Path{})})
			}
		}
	}
	slices.SortStableFunc(c.found, func(a, b Difference) int {
		return cmp.Or(a.Original.Compare(b.Original), a.Described.Compare(b.Described), cmp.Compare(a.Object.Kind, b.Object.Kind),
			cmp.Compare(a.Object.Namespace, b.Object.Namespace), cmp.Compare(a.Object.Name, b.Object.Name), a.Path.Compare(b.Path))
	})
	return c.found
}

// identity is what objects are compared by.
type identity struct {
	kind                      schema.GroupKind
	namespace, name, generate string
}

// entry is an object that is compared.
type entry struct {
	object.Object
	identity
	prepared runtime.Object
	with     *entry // the object that was compared with this one
}

type comparer struct {
	Options
	got   map[identity][]*entry
	found []Difference
}

// entries prepares objects for the comparison.
func (c *comparer) entries(objects []object.Object) []*entry {
	objects, _, _ = manifest.Upgrade(objects) // one that cannot be converted is compared as it is
	out := make([]*entry, 0, len(objects))
	for _, o := range objects {
		if o.IsNil() {
			continue
		}
		e := &entry{Object: o, identity: identity{kind: o.GetObjectKind().GroupVersionKind().GroupKind()}}
		if m, err := meta.Accessor(o.Object); err == nil {
			if e.namespace, e.name = m.GetNamespace(), m.GetName(); e.name == "" {
				e.generate = m.GetGenerateName()
			}
		}
		if !kinds.Namespaced(e.kind) {
			e.namespace = ""
		}
		if c.Exact {
			e.prepared = same.Written(o.Object)
		} else {
			e.prepared = same.Prepared(o.Object)
		}
		out = append(out, e)
	}
	return out
}

// parts returns the parts in which two objects differ.
func (c *comparer) parts(want, got *entry) []same.Difference {
	if c.Exact {
		return same.Exactly(want.prepared, got.prepared)
	}
	return same.Objects(want.prepared, got.prepared)
}

// matched looks for an object that is the same as the original. A second original with the
// same content needs no second one, as the set has each object once.
func (c *comparer) matched(e *entry) bool {
	var again *entry
	for _, g := range c.got[e.identity] {
		if g.with != nil && again != nil {
			continue
		}
		if len(c.parts(e, g)) > 0 {
			continue
		}
		if g.with == nil {
			g.with, e.with = e, g
			return true
		}
		again = g
	}
	e.with = again
	return again != nil
}

// copied reports whether an object without a namespace is a copy of what the Go describes in one:
// a run brings the Task that it runs, and the set alone knows its namespace.
func (c *comparer) copied(e *entry, originals []*entry) bool {
	return e.namespace == "" && e.name != "" && slices.ContainsFunc(originals, func(o *entry) bool {
		return o.with != nil && o.kind == e.kind && o.name == e.name && len(c.parts(o, e)) == 0
	})
}

// other reports how an original differs from the object that describes it, or that there is
// none.
func (c *comparer) other(e *entry) {
	list := c.got[e.identity]
	if i := slices.IndexFunc(list, func(g *entry) bool { return g.with == nil }); i >= 0 {
		g := list[i]
		g.with, e.with = e, g
		for _, d := range c.parts(e, g) {
			c.differ(e, g, d)
		}
		return
	}
	d := Difference{Kind: Missing, Object: e.Ref(), Original: e.At(diag.Path{})}
	if len(list) > 0 && e.name != "" {
		d.Kind, d.Described = Twice, list[0].with.At(diag.Path{})
	}
	c.found = append(c.found, d)
}
