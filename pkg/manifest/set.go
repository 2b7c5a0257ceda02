package manifest

import (
	"context"

	"github.com/tekwright/tekwright/pkg/check"
)
import "github.com/tekwright/tekwright/pkg/diag"
import "github.com/tekwright/tekwright/pkg/object"

// Set is a set of objects that are checked and written together. The zero
// value is an empty set. A set is itself a [Source].
type Set struct {
	sources   []Source
	namespace string
	profile   check.Profile
	layout    Layout
	progress  func(Progress)
	known     bool // somebody said which cluster it is for
}

// New returns a set of the objects of all sources.
func New(sources ...Source) *Set { return new(Set).Add(sources...) }

// Add adds sources. One that is added twice counts once.
func (s *Set) Add(sources ...Source) *Set {
	if s == nil {
		return nil
	}
	s.sources = append(s.sources, sources...)
	return s
}

// Derive returns a set of other sources that is as this one in all else: the
// namespace, the profile, the layout.
func (s *Set) Derive(sources ...Source) *Set {
	if s == nil {
		return nil
	}
	other := *s
	other.sources = nil
	return other.Add(sources...)
}

// Namespace puts every object that lives in a namespace, and has none, into
// this one; also the accounts that role bindings name without a namespace.
// The objects of the sources stay as they are.
func (s *Set) Namespace(name string) *Set {
	if s == nil {
		return nil
	}
	s.namespace = name
	return s
}

// Profile says what is known of the cluster that the set is for; without it,
// a cluster with Tekton's default settings. Fields that a cluster with this
// profile refuses are then errors and not warnings (feature-gate).
//
//	set.Profile(check.Profile{Features: []string{"enable-param-enum"}})
func (s *Set) Profile(p check.Profile) *Set {
	if s == nil {
		return nil
	}
	s.profile, s.known = p, true
	return s
}

// Objects returns the objects in the order that a cluster needs, each once. The
// error, and the objects beside one, are as in [Source]. It applies no rules:
// Build does.
func (s *Set) Objects() ([]object.Object, error) {
	var p problems
	return objectsOf(s.collect(&p)), p.err()
}

// Findings is all that Build looks at: the errors that Build returns, and
// warnings and notes as well, in source order. Problems that are no findings,
// such as a source that is nil, are left to Build.
func (s *Set) Findings() diag.Findings {
	var p problems
	items := s.collect(&p)
	if p.err() == nil {
		p.add(s.rules(items))
	}
	p.findings.Sort()
	return p.findings
}

// rules applies the rules to the objects.
func (s *Set) rules(items []*item) diag.Findings {
	found, _ := check.Run(context.Background(), objectsOf(items), s.profile) // which does not end
	for i := range found {
		if s.known && found[i].Code == "feature-gate" {
			found[i].Severity = diag.Error
		}
	}
	return found
}

// objectsOf are the objects of the items.
func objectsOf(items []*item) []object.Object {
	objects := make([]object.Object, len(items))
	for i, it := range items {
		objects[i] = it.Object
	}
	return objects
}

// Build returns every problem of the set at once, nil if there is none: what
// the sources report, two objects with one identity, every rule of package
// check over the whole set, and what cannot be written. The error holds a
// diag.Finding for each.
//
// The rules see the whole set or nothing: while a source has problems of its
// own, others would complain of what it could not deliver.
func (s *Set) Build() error {
	_, err := s.documents()
	return err
}
