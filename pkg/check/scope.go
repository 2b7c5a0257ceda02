package check

import (
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// inScope returns the objects of the set that the profile wants to be checked. The others
// are known to them.
func inScope(set *facts.Set, profile *Profile) []*facts.Entry {
	if profile.OneSet {
		set.Unite()
	}
	all := set.All()
	if !profile.UsedOnly {
		return all
	}
	entries := make([]*facts.Entry, 0, len(all))
	for _, e := range all {
		if set.InUse(e, profile.DefaultServiceAccount) {
			entries = append(entries, e)
		}
	}
	return entries
}

// aboutReferences are the codes of findings that another object of the same name may not
// have.
var aboutReferences = []string{"param-missing", "param-extra", "param-type", "workspace-missing", "workspace-extra", "result-unknown"}

// maxTried limits the objects of the same name that a finding shows.
const maxTried = 3

// withTried adds to a finding the other objects of the same name that do not fit either.
func withTried(f rule.Found, finding diag.Finding) diag.Finding {
	if !slices.Contains(aboutReferences, finding.Code) {
		return finding
	}
	tried := f.Entry.Set().Tried(f.Entry, finding.Path)
	for _, e := range tried[:min(len(tried), maxTried)] {
		finding.Related = append(slices.Clip(finding.Related), e.At("metadata", "name").Related(e.Ref.String()+" here does not fit either"))
	}
	return finding
}
