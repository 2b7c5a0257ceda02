package facts

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Namespace returns metadata.namespace of the object itself: an object of a
// template lands in the namespace of the template otherwise.
func (e *Entry) Namespace() string {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil {
		return ""
	}
	return m.GetNamespace()
}

// Group returns the API group of the object.
func (e *Entry) Group() string {
	group, _ := schema.ParseGroupVersion(e.Ref.APIVersion)
	return group.Group
}

// IsNamespaced reports whether objects of the kind are in a namespace.
func (e *Entry) IsNamespaced() bool {
	return kinds.Namespaced(schema.GroupKind{Group: e.Group(), Kind: e.Ref.Kind})
}

// IsFilledIn reports whether an event fills in a text of the object: in the body of
// a template, or in what is going to be one.
func (e *Entry) IsFilledIn(s string) bool {
	return tekref.Contains(s) && (e.Within != nil || strings.Contains(s, "$("+tekref.TemplatePrefix))
}
