package manifest

import (
	"cmp"
	"errors"
	"slices"

	"github.com/tekwright/tekwright/internal/followup"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// failure is a source with errors.
type failure struct {
	findings diag.Findings
	objects  []diag.ObjectRef // those that it has nevertheless
	mistakes *followup.Mistakes
	partly   bool // other objects may be missing
}

// newFailure returns the failure of a source with the given number of objects.
func newFailure(err error, objects int) *failure {
	f := &failure{partly: objects == 0}
	if !errors.As(err, &f.findings) {
		var one diag.Finding
		if f.partly = true; errors.As(err, &one) {
			f.findings = diag.Findings{one}
		}
	}
	f.mistakes = followup.New(f.findings)
	return f
}

// has records an object of the source.
func (f *failure) has(ref diag.ObjectRef) {
	if f != nil {
		f.objects = append(f.objects, ref)
	}
}

// failures are the sources with errors.
type failures struct {
	list []*failure
	of   map[diag.ObjectRef][]*failure // by their objects
}

func (fs *failures) add(f *failure) {
	if f == nil {
		return
	}
	fs.list = append(fs.list, f)
	for _, ref := range f.objects {
		if fs.of == nil {
			fs.of = map[diag.ObjectRef][]*failure{}
		}
		fs.of[ref] = append(fs.of[ref], f)
	}
}

// broken reports whether a source reports an error in the object, which may therefore
// differ from what was meant.
func (c *collector) broken(ref diag.ObjectRef) bool {
	in := func(f *failure) bool {
		return f != nil && slices.ContainsFunc(f.findings, func(f diag.Finding) bool { return f.Object.Kind == ref.Kind && f.Object.Name == ref.Name })
	}
	return in(c.failed) || slices.ContainsFunc(c.faults.of[ref], in)
}

// explained reports whether the finding of a rule follows from the errors of the
// sources that the object comes from.
func (c *collector) explained(f diag.Finding) bool {
	return slices.ContainsFunc(c.faults.of[f.Object], func(one *failure) bool { return one.mistakes.Explain(f) })
}

// lenient returns the profile without the claim that the set is complete, if a source
// could not create all of its objects.
func (c *collector) lenient(p check.Profile) check.Profile {
	var more []diag.ObjectRef
	for _, one := range c.faults.list {
		p.Complete = p.Complete && !one.partly
		for _, f := range one.findings {
			if f.Object.Name != "" {
				more = append(more, diag.ObjectRef{Kind: f.Object.Kind, Name: f.Object.Name})
			}
		}
	}
	byName := func(a, b diag.ObjectRef) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name)) }
	slices.SortFunc(more, byName)
	p.Exists = append(slices.Clip(p.Exists), slices.Compact(more)...)
	return p
}
