package check

import "github.com/tekwright/tekwright/internal/facts"

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
