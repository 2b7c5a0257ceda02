package importer

import (
	"errors"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/namedpath"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// reason is why a set accepts an error.
const reason = "the YAML has it too"

// accept accepts the errors that the YAML has as well: those that are warnings there, such as
// an input that nothing uses, and others. Otherwise nothing could be written. It returns the
// errors that are accepted, and those that are left: those that the YAML does not have, and those
// that a set cannot accept.
func accept(set *chain, f *plan.Func, sources, others []Source) (accepted, left diag.Findings) {
	s, err := plan.Run(f)
	if err != nil {
		return nil, nil
	}
	described, ok := s.(*manifest.Set)
	if !ok {
		return nil, nil
	}
	failed := errorsOf(described)
	if len(failed) == 0 {
		return nil, nil
	}
	known := map[mistake]bool{}
	originalOf(sources).known(known)
	if len(others) > 0 { // a run is checked with what it runs, which may be one of the others
		originalOf(slices.Concat(sources, others)).known(known)
	}
	var args []plan.Expr
	given := map[mistake]bool{}
	in := treesIn(described)
	for _, f := range failed {
		at := in.of(f)
		if !known[at] {
			at.subject = "" // the builder may see it in another way
		}
		if !known[at] || f.Object.Name == "" || given[at] {
			continue
		}
		given[at] = true
		accepted = append(accepted, f)
		args = append(args, plan.Literal{Value: rule.Accepted{
			Object: diag.ObjectRef{Kind: at.kind, Name: at.name}, Code: at.code, Path: at.path, Subject: at.subject, Reason: reason,
		}})
	}
	if len(args) == 0 {
		return nil, failed
	}
	set.do("Accept", args...)
	if call, ok := set.e.(*plan.Call); ok {
		call.Above = []string{"The YAML has these mistakes. When you fix one there, remove it here as well."}
	}
	f.Returns = set.e
	if s, err = plan.Run(f); err != nil {
		return accepted, failed
	}
	described, _ = s.(*manifest.Set)
	return accepted, errorsOf(described)
}

// mistake is what a finding is about, with the names of list items: their order may differ between
// the YAML and the Go.
type mistake struct{ code, kind, name, path, subject string }

// trees are the objects of a set, or their content as decoded JSON once that is needed.
type trees map[diag.ObjectRef]any

// treesIn returns the objects of a set.
func treesIn(s *manifest.Set) trees {
	out := trees{}
	list, _ := s.Objects() // what has errors is what is looked for
	runs, _ := s.PaCObjects()
	for _, o := range append(list, runs...) {
		if !o.IsNil() {
			out[o.Ref()] = o
		}
	}
	return out
}

func (p trees) of(f diag.Finding) mistake {
	ref := p.ref(f.Object)
	tree := p[ref]
	if o, ok := tree.(object.Object); ok {
		tree = namedpath.Tree(o.Object)
		p[ref] = tree
	}
	return mistake{f.Code, f.Object.Kind, f.Object.Name, namedpath.Text(tree, f.Path), f.Subject}
}

// ref returns the object of a finding as the set has it. A builder does not know the namespace
// that the set gives to what it describes.
func (p trees) ref(of diag.ObjectRef) diag.ObjectRef {
	if _, ok := p[of]; ok || of.Namespace != "" {
		return of
	}
	found := of
	for r := range p {
		if r.Kind != of.Kind || r.Name != of.Name || r.APIVersion != of.APIVersion {
			continue
		}
		if found != of {
			return of // it may be either
		}
		found = r
	}
	return found
}

// original is the set of the objects that the sources describe.
type original struct{ *manifest.Set }

func originalOf(sources []Source) original {
	var objects, runs []runtime.Object
	for _, s := range sources {
		if inFolder(s.Object, s.File) {
			runs = append(runs, s.Object)
		} else {
			objects = append(objects, s.Object)
		}
	}
	o := manifest.New(manifest.FromObjects(objects...))
	if len(runs) > 0 {
		o.PaC(manifest.FromObjects(runs...))
	}
	return original{o}
}

// known adds the findings about the set.
func (o original) known(has map[mistake]bool) {
	in := treesIn(o.Set)
	for _, f := range o.Findings() {
		at := in.of(f)
		for range 2 { // with and without its subject
			has[at] = true
			at.subject = ""
		}
	}
}

// errorsOf returns the errors of a set.
func errorsOf(s *manifest.Set) diag.Findings {
	var found diag.Findings
	if !errors.As(s.Build(), &found) {
		return nil
	}
	return slices.DeleteFunc(found, func(f diag.Finding) bool { return f.Severity != diag.Error })
}
