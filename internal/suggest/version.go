package suggest

import (
	"cmp"
	"strings"
)

// Version is like [Name], but if no candidate is similar, it returns one that differs
// from name only in the version at its end, such as build-2 for build. It is meant for
// the names of objects.
func Version(name string, candidates []string) string {
	if near := Name(name, candidates); near != "" {
		return near
	}
	trimmed := trimVersion(name)
	for _, c := range Candidates(candidates) {
		if c != name && strings.HasPrefix(c, trimmed) && trimVersion(c) == trimmed {
			return c
		}
	}
	return ""
}

// IsTypo reports whether name is almost certainly a misspelling of a candidate: it is
// [Alike] the most similar one, or differs from it by a single edit or in the version at
// its end.
func IsTypo(name string, candidates []string) bool {
	near := Version(name, candidates)
	return near != "" && (Alike(name, near) || trimVersion(name) == trimVersion(near) || Distance(name, near, 2) < 2)
}

// trimVersion returns a name without the version at its end: build for build-2 and
// build-v2.
func trimVersion(name string) string {
	end := len(name)
	for end > 0 && (name[end-1] >= '0' && name[end-1] <= '9' || name[end-1] == '.' || name[end-1] == '-') {
		end--
	}
	if end == len(name) {
		return name
	}
	rest := name[:end]
	if r, ok := strings.CutSuffix(rest, "-v"); ok {
		rest = r
	}
	return cmp.Or(rest, name)
}
