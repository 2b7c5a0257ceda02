package manifest

import (
	"context"
	"slices"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Set is a set of objects that are checked and written together. The zero
// value is an empty set. A set is itself a [Source].
type Set struct {
	sources   []placedSource
	runs      []placedSource // for the folder of Pipelines-as-Code
	tekton    bool           // the set is that of such a folder
	namespace string
	profile   check.Profile
	layout    Layout
	progress  func(Progress)
	advice    func(diag.Findings)
	known     bool // the profile was set

	placements []placement // of NamespaceOf
	derived    bool        // they are of another set

	layoutAt, progressAt, adviceAt callsite.Place // of the calls of Layout, Progress and Advice
}

// placedSource is a source, and the place where it was added.
type placedSource struct {
	Source
	at callsite.Place
}

// New returns a set of the objects of the given sources.
func New(sources ...Source) *Set { return new(Set).Add(sources...) }

// Add adds sources. A source that is added twice is used once.
func (s *Set) Add(sources ...Source) *Set {
	if s == nil {
		return nil
	}
	at := callsite.Here()
	for _, src := range sources {
		s.sources = append(s.sources, placedSource{src, at})
	}
	return s
}

// Derive returns a set of other sources with the same settings: namespaces, profile,
// layout, and functions for progress and advice. It has no runs of Pipelines-as-Code.
func (s *Set) Derive(sources ...Source) *Set {
	if s == nil {
		return nil
	}
	other := *s
	other.sources, other.runs, other.derived = nil, nil, true
	return other.Add(sources...)
}

// Copy returns a set of the same sources with the same settings. What is added to the
// copy or set for it does not change the set.
func (s *Set) Copy() *Set {
	if s == nil {
		return nil
	}
	other := *s
	other.sources, other.runs = slices.Clone(s.sources), slices.Clone(s.runs)
	return &other
}

// Namespace sets the namespace of all namespaced objects that have none, and of
// service accounts without a namespace in role bindings. The objects of the sources
// are not modified.
func (s *Set) Namespace(name string) *Set {
	if s == nil {
		return nil
	}
	s.namespace = name
	return s
}

// Profile sets the profile of the cluster for which the set is intended. The default
// is a cluster with Tekton's default settings. If a profile is set, fields that the
// cluster rejects (feature-gate) are errors instead of warnings.
//
//	set.Profile(check.Profile{Features: []string{"enable-param-enum"}})
func (s *Set) Profile(p check.Profile) *Set {
	if s == nil {
		return nil
	}
	p.Accepted = slices.Concat(s.profile.Accepted, p.Accepted)
	s.profile, s.known = p, true
	return s
}

// Accept adds known findings that are not reported, each with a reason. It is for objects
// that must not be changed by an annotation. One that accepts nothing is reported
// (suppression-unused).
//
//	set.Accept(check.Accepted{
//		Object: diag.ObjectRef{Kind: "Task", Name: "legacy"},
//		Code:   check.InputInScript, Path: "spec.steps[0].script",
//		Reason: "only the release team starts it",
//	})
func (s *Set) Accept(known ...check.Accepted) *Set {
	if s == nil {
		return nil
	}
	s.profile.Accepted = append(slices.Clip(s.profile.Accepted), known...)
	return s
}

// Advice sets a function that gets the warnings and notes whenever the set is built or
// written: those of the findings that do not stop this. It saves a call of
// [Set.Findings], which would apply the rules again. If f is nil, nothing is called.
func (s *Set) Advice(f func(diag.Findings)) *Set {
	if s == nil {
		return nil
	}
	s.advice, s.adviceAt = f, callsite.Here()
	return s
}

// advise passes the warnings and notes on.
func (s *Set) advise(found diag.Findings) error {
	if s == nil || s.advice == nil {
		return nil
	}
	var some diag.Findings
	for _, f := range found {
		if f.Severity == diag.Warning || f.Severity == diag.Note {
			some = append(some, f)
		}
	}
	some.Sort()
	if p := callsite.Catch(func() { s.advice(some) }); p != nil {
		return p.Finding(s.adviceAt, "the function passed to Advice")
	}
	return nil
}

// Objects returns the objects in the order in which a cluster needs them, each once.
// It implements [Source]. Objects does not apply rules; see [Set.Build].
func (s *Set) Objects() ([]object.Object, error) {
	var p problems
	return objectsOf(s.collect(&p).items), p.err()
}

// Findings returns all findings, sorted by position: the errors that Build returns,
// and also warnings and notes. It does not report problems that are not findings,
// such as a nil source; see [Set.Build].
func (s *Set) Findings() diag.Findings {
	var p problems
	s.judged(&p)
	p.findings.Sort()
	return p.findings
}

// judged returns the objects of the set, and adds what is wrong with them: what their
// sources report, and what the rules find.
func (s *Set) judged(p *problems) *collector {
	c := s.collect(p)
	p.add(s.step("check", 0, 0))
	p.add(s.rules(c))
	if s != nil && s.tekton {
		c.ignored()
	}
	if folder := s.folder(c); folder != nil {
		folder.judged(p)
	}
	return c
}

// rules applies the rules to the objects. If a source has errors, its objects may have
// others that follow from them, and objects may be missing; both is not reported.
func (s *Set) rules(c *collector) diag.Findings {
	if s == nil {
		return nil
	}
	found, _ := check.Run(context.Background(), objectsOf(c.items), c.lenient(s.profile)) // never canceled
	kept := found[:0]
	for _, f := range found {
		if c.explained(f) {
			continue
		}
		if s.known && f.Code == "feature-gate" {
			f.Severity = diag.Error
		}
		kept = append(kept, f)
	}
	return kept
}

// objectsOf returns the objects of the items.
func objectsOf(items []*item) []object.Object {
	objects := make([]object.Object, len(items))
	for i, it := range items {
		objects[i] = it.Object
	}
	return objects
}

// Build returns all errors of the set at once, or nil: those of the sources, different
// objects with the same identity, errors found by the rules of package check, and
// objects that cannot be written. The error wraps a [diag.Finding] for each.
//
// If a source has errors, what the rules find is reported as well, except for what
// follows from these errors: an unused param of a task whose description is broken, or
// a reference to an object that the source could not create.
func (s *Set) Build() error {
	_, err := s.documents()
	return err
}
