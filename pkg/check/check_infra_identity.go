package check

import (
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// identity is what the API server tells objects apart by.
type identity struct{ group, kind, namespace, name string }

// identity reports an object that is in the set twice.
func (c *checker) identity(e *entry) {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil || e.within != nil || m.GetName() == "" || e.ref.Kind == "" {
		return
	}
	group, _ := schema.ParseGroupVersion(e.ref.APIVersion)
	id := identity{group.Group, e.ref.Kind, e.ref.Namespace, e.ref.Name}
	if c.identities == nil {
		c.identities = map[identity]*entry{}
	}
	first, ok := c.identities[id]
	switch {
	case !ok:
		c.identities[id] = e
	case first.Object.Object == e.Object.Object:
	case c.copied(e):
		c.warn(in(e, "metadata.name"), "object-duplicate", e.ref.Name, e.ref.String()+" is there twice, and both are the same", "drop one of them", in(first, "metadata.name").related("the first one"))
	default:
		c.fail(in(e, "metadata.name"), "object-duplicate", e.ref.Name, e.ref.String()+" is there twice, and the two differ: the one that is applied last holds", "rename one of them, or drop it",
			in(first, "metadata.name").related("the first one"))
	}
}

// copied reports whether an object is there before, just the same.
func (c *checker) copied(e *entry) bool {
	if e.within != nil {
		return false
	}
	list := c.index[[2]string{e.ref.Kind, e.ref.Name}]
	return len(list) > 1 && list[0] != e && list[0].ref == e.ref && equality.Semantic.DeepEqual(list[0].Object.Object, e.Object.Object)
}
