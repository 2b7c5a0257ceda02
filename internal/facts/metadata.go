package facts

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Namespace returns metadata.namespace of the object itself. An object of a template
// without one is created in the namespace of the template.
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

// IsFilledIn reports whether an event sets a part of a text of the object: in an
// object of a template, in one that will be part of a template, or in one for
// Pipelines-as-Code.
func (e *Entry) IsFilledIn(s string) bool {
	if strings.Contains(s, "{{") && e.isExpanded() {
		return true
	}
	return tekref.Contains(s) && (e.Within != nil || strings.Contains(s, "$("+tekref.TemplatePrefix))
}

// identity is how the API server identifies an object, and its directory: the objects of
// two directories may belong to two sets.
type identity struct{ group, kind, namespace, name, dir string }

// First returns the first object of the set with the same identity and in the same
// directory as e, which may be e itself. It returns nil for objects without a name, and
// for those that a template creates.
func (s *Set) First(e *Entry) *Entry {
	s.asked(Objects)
	if e.Within != nil {
		return nil
	}
	if len(s.index[[2]string{e.Ref.Kind, e.Ref.Name}]) == 1 && e.Ref.Name != "" {
		return e
	}
	if s.identities == nil {
		s.identities = map[identity]*Entry{}
		for _, o := range s.entries {
			if id, ok := o.identity(); ok && s.identities[id] == nil {
				s.identities[id] = o
			}
		}
	}
	id, ok := e.identity()
	if !ok {
		return nil
	}
	return s.identities[id]
}

// IsApart reports whether two objects of a directory may belong to two sets, because they are
// in two files: each may be an example of its own. Pipelines-as-Code reads all files of
// .tekton as one.
func (s *Set) IsApart(a, b *Entry) bool {
	return !s.united && a.Dir() != "" && a.Object.Set == "" && a.File() != b.File() && !strings.Contains("/"+slashed(a.File()), "/.tekton/")
}

func (e *Entry) identity() (identity, bool) {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil || m.GetName() == "" || e.Ref.Kind == "" {
		return identity{}, false
	}
	dir := e.Dir()
	switch {
	case e.set.united:
		dir = ""
	case e.Object.Set != "":
		dir += within // what is rendered there may be in a file as well
	}
	return identity{e.Group(), e.Ref.Kind, e.Ref.Namespace, e.Ref.Name, dir}, true
}

// IsTekton reports whether the object is a Task, Pipeline, PipelineRun, TaskRun or
// StepAction.
func (e *Entry) IsTekton() bool {
	return e.Task != nil || e.Pipeline != nil || e.Run != nil || e.TaskRun != nil || e.StepAction != nil
}
