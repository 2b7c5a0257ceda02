package oracle

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tekwright/tekwright/pkg/diag"
)

// verdict is what became of one broken system.
type verdict struct {
	theirs, ours bool   // who refuses it
	complaint    string // where the two differ from what the fault says of them
}

// fits reports whether a finding of the severity tells of the fault.
func (f fault) fits(s diag.Severity) bool {
	return s == diag.Error && !f.ignored || s == diag.Warning && (f.ignored || f.blind != "")
}

// named reports whether one of the findings tells of the fault, at one of the
// objects.
func (f fault) named(findings diag.Findings, where []string) bool {
	return slices.ContainsFunc(findings, func(x diag.Finding) bool {
		return f.fits(x.Severity) && slices.Contains(f.codes, x.Code) && (slices.Contains(where, name(x.Object)) ||
			slices.ContainsFunc(x.Related, func(r diag.Related) bool { return slices.Contains(where, name(r.Object)) }))
	})
}

// broken is the system of a seed with the fault in it, and the objects of which
// one is at fault; none if there is nothing in it to break that way.
func (f fault) broken(seed uint64) (s *system, where []string) {
	s = generate(seed)
	where = f.do(newGen(seed, 3), s)
	return s, where
}

// judge breaks the system of a seed; ok is false if that cannot be done, or if
// Tekton's code panics.
func (f fault) judge(seed uint64) (v verdict, ok bool) {
	s, where := f.broken(seed)
	if len(where) == 0 {
		return v, false
	}
	err := theirs(s)
	if errors.Is(err, errCrash) {
		return v, false
	}
	findings := ours(s)
	v = verdict{theirs: err != nil, ours: findings.Err() != nil}
	v.complaint = f.complaint(v, f.named(findings, where))
	if v.complaint != "" {
		findings = slices.DeleteFunc(findings, func(x diag.Finding) bool {
			return x.Severity != diag.Error && !slices.Contains(f.codes, x.Code)
		})
		v.complaint = fmt.Sprintf("seed %d, %v: %s\ntheirs: %v\nours: %v", seed, where, v.complaint, err, findings)
	}
	return v, true
}

func (f fault) complaint(v verdict, named bool) string {
	switch {
	case len(f.codes) == 0 && (v.theirs || v.ours):
		return "that is no fault"
	case len(f.codes) == 0:
		return ""
	case f.ignored && v.theirs:
		return "Tekton minds it"
	case f.ignored && v.ours:
		return "we mind it"
	case f.blind != "" && v.theirs && !v.ours, f.blind == "" && v.theirs != v.ours:
		return "the verdicts differ"
	case !named && (v.theirs || v.ours || f.ignored || f.blind != ""):
		return "we do not tell of it"
	}
	return ""
}
