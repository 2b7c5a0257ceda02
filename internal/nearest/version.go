package nearest

import (
	"cmp"
	"strings"
)

// Version is [Name] for the names of objects, where build-2 may be meant by
// build.
func Version(name string, candidates []string) string {
	if near := Name(name, candidates); near != "" {
		return near
	}
	for _, c := range candidates[:min(len(candidates), MaxCandidates)] {
		if c != name && Unversioned(c) == Unversioned(name) {
			return c
		}
	}
	return ""
}

// IsMisspelt reports whether a name is surely a misspelt one of the candidates:
// one edit, or another version, leads to it.
func IsMisspelt(name string, candidates []string) bool {
	near := Version(name, candidates)
	return near != "" && (Alike(name, near) || Unversioned(name) == Unversioned(near) || Distance(name, near, 2) < 2)
}

// Unversioned returns a name without the number at its end: build of build-2 and
// build-v2.
func Unversioned(name string) string {
	rest := strings.TrimRight(name, "0123456789.-")
	if rest == name {
		return name
	}
	if r, ok := strings.CutSuffix(rest, "-v"); ok {
		rest = r
	}
	return cmp.Or(rest, name)
}
