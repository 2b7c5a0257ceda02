package suggest

import (
	"cmp"
	"strings"
)

// Version is [Name] for names of objects, where build-2 may be meant by build.
func Version(name string, candidates []string) string {
	if near := Name(name, candidates); near != "" {
		return near
	}
	for _, c := range candidates[:min(len(candidates), MaxCandidates)] {
		if c != name && unversioned(c) == unversioned(name) {
			return c
		}
	}
	return ""
}

// Surely reports whether one edit leads from the name to a candidate, so that the
// name is misspelled, as far as anybody can guess.
func Surely(name string, candidates []string) bool {
	near := Version(name, candidates)
	return near != "" && (Alike(name, near) || unversioned(name) == unversioned(near) || Distance(name, near, 2) < 2)
}

// unversioned is a name without the number at its end: build of build-2 and
// build-v2.
func unversioned(name string) string {
	rest := strings.TrimRight(name, "0123456789.-")
	if rest == name {
		return name
	}
	if r, ok := strings.CutSuffix(rest, "-v"); ok {
		rest = r
	}
	return cmp.Or(rest, name)
}
