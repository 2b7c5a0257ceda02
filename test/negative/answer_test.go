package negative

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// match tells how a finding of ours answers a refusal of Tekton's.
type match int

const (
	missed   match = iota
	unplaced       // Tekton names no field: then the rule has to be one of meanings
	moved          // Tekton's path leads elsewhere: see misled
	deeper         // ours is the value at fault, theirs something around it
	absent         // ours is what lacks a field, or has too many; theirs is the field
	sameness       // both name one field
)

// fault is a place that Tekton blames, with those that would do instead: of
// several fields of which one is too many, either.
type fault struct {
	message string
	paths   []string
}

// faultsOf are the places of a refusal, which holds all that have one message.
func faultsOf(message string, paths []string) []fault {
	either := strings.HasPrefix(message, "expected ") || strings.Contains(message, "does not match default value's type")
	if len(paths) == 0 {
		return []fault{{message, []string{""}}}
	}
	var out []fault
	groups := map[string]int{}
	for _, p := range paths {
		if !either {
			out = append(out, fault{message, []string{p}})
			continue
		}
		parent := strings.TrimSuffix(p, ".default.type")
		if i := strings.LastIndexByte(parent, '.'); i >= 0 && parent == p {
			parent = p[:i]
		}
		i, ok := groups[parent]
		if !ok {
			i = len(out)
			groups[parent] = i
			out = append(out, fault{message: message})
		}
		out[i].paths = append(out[i].paths, p)
	}
	return out
}

// answer is the best that the findings have to say to a fault.
func answer(f fault, o object, found diag.Findings) (best match, by diag.Finding) {
	for _, path := range f.paths {
		for _, finding := range found {
			if m := answers(f.message, path, o, finding); m > best {
				best, by = m, finding
			}
		}
	}
	return best, by
}

func answers(message, path string, o object, f diag.Finding) match {
	known, fits := meaningOf(message, f.Code)
	if !fits {
		return missed
	}
	best := missed
	for _, ours := range append([]string{f.Path}, relatedPaths(f)...) {
		ours := segments(ours)
		best = max(best, relation(message, ours, resolved(path, o)))
		for _, m := range misled {
			if m.message.MatchString(message) && m.from.MatchString(path) &&
				relation(message, ours, resolved(m.from.ReplaceAllString(path, m.to), o)) != missed {
				best = max(best, moved)
			}
		}
	}
	if best == missed && path == "" && known {
		return unplaced
	}
	return best
}

// relatedPaths are the further places of a mistake that is told once.
func relatedPaths(f diag.Finding) []string {
	var out []string
	for _, r := range f.Related {
		out = append(out, r.Path)
	}
	return out
}

// relation tells how our path stands to Tekton's.
func relation(message string, ours, theirs []segment) match {
	switch last := len(theirs) - 1; {
	case last < 0:
		return missed
	case same(ours, theirs):
		return sameness
	case absence.MatchString(message) && len(ours) == last && within(ours, theirs[:last]):
		return absent
	case last > 0 && within(ours, theirs):
		return deeper
	}
	return missed
}

// meaningOf reports whether it is known which rules speak of what Tekton does,
// and whether this is one of them.
func meaningOf(message, code string) (known, fits bool) {
	i := slices.IndexFunc(meanings, func(m meaning) bool { return m.message.MatchString(message) })
	return i >= 0, i < 0 || meanings[i].codes.MatchString(code)
}
