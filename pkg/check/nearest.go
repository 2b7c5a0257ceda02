package check

import (
	"cmp"
	"strconv"
	"strings"

	names "github.com/tekwright/tekwright/internal/nearest"
	"github.com/tekwright/tekwright/pkg/diag"
)

// maxCandidates bounds what a name is compared with, so that the cost stays
// linear where everything is misspelt.
const maxCandidates = names.MaxCandidates

// alike reports whether two names differ only in case and in - _ .
func alike(a, b string) bool { return names.Alike(a, b) }

// distance counts the edits from a to b, and gives up at limit.
func distance(a, b string, limit int) int { return names.Distance(a, b, limit) }

// nearest returns the candidate that name most likely was meant to be, "" if
// none is near.
func nearest(name string, candidates []string) string { return names.Name(name, candidates) }

// suggest returns the help for an unknown name: what it was likely meant to
// be, or else what there is.
func suggest(name string, candidates []string, other string) string {
	if near := nearest(name, candidates); near != "" {
		return "did you mean " + strconv.Quote(near) + "?"
	}
	return other
}

// nearestVersion is nearest for names of objects, where build-2 may be meant by
// build.
func nearestVersion(name string, candidates []string) string {
	if near := nearest(name, candidates); near != "" {
		return near
	}
	for _, c := range candidates[:min(len(candidates), maxCandidates)] {
		if c != name && unversioned(c) == unversioned(name) {
			return c
		}
	}
	return ""
}

// unsure is the severity of a reference to what is not in a set that is not
// complete: a warning where one edit leads to something that is.
func unsure(name string, candidates []string) diag.Severity {
	near := nearestVersion(name, candidates)
	if near != "" && (alike(name, near) || unversioned(name) == unversioned(near) || distance(name, near, 2) < 2) {
		return diag.Warning
	}
	return diag.Note
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
