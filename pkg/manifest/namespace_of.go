package manifest

import (
	"fmt"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// placement is the namespace of one object of a set.
type placement struct {
	at                    callsite.Place
	kind, name, namespace string
}

// NamespaceOf sets the namespace of the objects of a kind with the given name, or the
// generateName of a run, that have none. It goes before [Set.Namespace]. It is an error if the
// set has no such object.
//
//	set.Namespace("ci").NamespaceOf("EventListener", "github", "hooks")
//
// To put all objects of a source into another namespace, add a set with that namespace:
//
//	set.Add(manifest.New(pipeline).Namespace("team-a"))
func (s *Set) NamespaceOf(kind, name, namespace string) *Set {
	if s == nil {
		return nil
	}
	s.placements = append(s.placements, placement{callsite.Here(), kind, name, namespace})
	return s
}

// placed puts an object into the namespace that a call of NamespaceOf of the set gives it.
func (c *collector) placed(s *Set, o object.Object) object.Object {
	if len(s.placements) == 0 {
		return o
	}
	ref := o.Ref()
	if !kinds.Namespaced(o.GetObjectKind().GroupVersionKind().GroupKind()) {
		return o
	}
	if c.placements[s] == nil {
		of := map[[2]string][]int{}
		for i, p := range s.placements {
			of[[2]string{p.kind, p.name}] = append(of[[2]string{p.kind, p.name}], i)
		}
		c.placements[s] = of
	}
	for _, i := range c.placements[s][[2]string{ref.Kind, ref.Name}] {
		c.used[usedPlacement{s, i}] = true
		o = c.inNamespace(o, s.placements[i].namespace)
	}
	return o
}

// usedPlacement is a call of NamespaceOf that an object needed.
type usedPlacement struct {
	set *Set
	i   int
}

// unplaced reports the calls of NamespaceOf of a set for which there is no object. If a
// source has errors, its objects may be missing.
func (c *collector) unplaced(s *Set) {
	if s.derived || len(c.faults.list) > 0 {
		return
	}
	for i, p := range s.placements {
		f := diag.Finding{Code: "namespace-unused", Severity: diag.Error, Object: diag.ObjectRef{Kind: p.kind, Name: p.name}, Position: p.at.Position(), Subject: p.name}
		switch {
		case p.namespace == "":
			f.Message, f.Help = fmt.Sprintf("NamespaceOf sets no namespace for %s %q", p.kind, p.name), "pass the name of a namespace"
		case !c.used[usedPlacement{s, i}]:
			f.Message, f.Help = fmt.Sprintf("NamespaceOf is called for %s %q, which is not among the namespaced objects of the set", p.kind, p.name), "correct the kind and the name, or remove the call"
		default:
			continue
		}
		c.finding(f)
	}
}
