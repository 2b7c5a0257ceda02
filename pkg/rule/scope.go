package rule

import (
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/diag"
)

// outOfScope returns a function that reports whether a finding is in an object that
// [Profile.UsedOnly] leaves out.
func (p *Profile) outOfScope(set *facts.Set) func(diag.Finding) bool {
	if !p.UsedOnly {
		return func(diag.Finding) bool { return false }
	}
	var used map[diag.ObjectRef]bool // nil if not known yet
	return func(f diag.Finding) bool {
		if f.Object.Kind == "" || kinds.IsTekton(f.Object.APIVersion) {
			return false
		}
		if g := kinds.GuessKind(f.Object.APIVersion, f.Object.Kind); g != nil && kinds.IsTekton(g.APIVersion) {
			return false // a misspelled kind of Tekton
		}
		if used == nil {
			used = map[diag.ObjectRef]bool{}
			for _, e := range set.Entries() {
				if set.InUse(e, p.DefaultServiceAccount) {
					used[e.Ref] = true
				}
			}
		}
		return !used[f.Object]
	}
}
