package pac

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/glob"
	"github.com/tekwright/tekwright/internal/handle"
)

// Event is an event that starts runs, such as a push or a pull request. Only the types of
// this package implement it.
type Event interface{ describe() *event }

// event is the common part of all events.
type event struct {
	kind                     kind
	branches, paths, ignored []string // globs
	labels                   []string
	filters                  []filter            // of the caller, in CEL
	pattern                  string              // the regular expression of a comment
	lists                    map[string][]string // of an AnnotatedEvent: items by annotation
	faults                   []fault
}

// filter is a condition of the caller, and the place of the call that added it.
type filter struct {
	at   callsite.Place
	expr string
}

// fault is a mistake in the description of an event, and its place.
type fault struct {
	at                  callsite.Place
	code, message, help string
}

func (e *event) fault(at callsite.Place, code, message, help string) {
	e.faults = append(e.faults, fault{at: at, code: code, message: message, help: help})
}

// add adds the patterns of one call of a method to a list.
func (e *event) add(at callsite.Place, method string, list *[]string, globs []string, path bool) {
	if len(globs) == 0 {
		e.fault(at, "filter-empty", method+" has no arguments, so no event can pass", "add at least one, or remove "+method)
		return
	}
	for _, g := range globs {
		if message, help := wrongGlob(method, g, path); message != "" {
			e.fault(at, "filter-invalid", message, help)
			return
		}
	}
	*list = append(*list, globs...)
}

// wrongGlob returns what is wrong with a pattern, "" if nothing is.
func wrongGlob(method, g string, path bool) (message, help string) {
	about := "pattern " + quoted(g) + " of " + method
	switch {
	case !handle.Plain(g):
		return about + " contains a handle", "write it as plain text: the value is not known before the event"
	case g == "":
		return "a pattern of " + method + " is empty and matches nothing", "remove it"
	case strings.ContainsFunc(g, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return about + " contains a control character", "write it without"
	case strings.ContainsAny(g, `{}`):
		return about + " contains a brace", "list alternatives as arguments of their own"
	case strings.ContainsAny(g, `[]\`):
		return about + " contains a bracket or a backslash", "use *, ** and ?, and list alternatives as arguments of their own"
	case path && (strings.HasPrefix(g, "./") || strings.HasPrefix(g, "/")):
		return about + " matches nothing: paths are relative to the root of the repository", "remove what is before the first name"
	case path && strings.HasSuffix(g, "/"):
		return about + " matches nothing: only files are compared", "write " + quoted(g+"**")
	case !path && strings.HasPrefix(g, "refs/"):
		return about + " begins with refs/", "write only the name of the branch or the tag"
	}
	return "", ""
}

// where adds a condition of the caller.
func (e *event) where(at callsite.Place, expr string) {
	switch {
	case strings.TrimSpace(expr) == "":
		e.fault(at, "filter-empty", "a Filter is empty", "write a CEL expression, or remove Filter")
	case !handle.Plain(expr):
		e.fault(at, "handle-misplaced", "a Filter contains a handle: "+quoted(expr), "use the variable of CEL: target_branch, body.sender.login")
	default:
		e.filters = append(e.filters, filter{at, expr})
	}
}

// exact reports whether only branches, or tags, of certain names pass.
func (e *event) exact() bool {
	for _, g := range e.branches {
		if !glob.IsPlain(g) || strings.ContainsFunc(g, func(r rune) bool { return !isRefSafe(r) }) {
			return false
		}
	}
	return len(e.branches) > 0
}

// isRefSafe reports whether a character means nothing in YAML, JSON and variables.
func isRefSafe(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./+", r)
}

// condition returns when the event starts a run, in CEL.
func (e *event) condition() string {
	var all []string
	switch e.kind {
	case pullRequest:
		all = append(all, `event == "pull_request"`)
		if len(e.branches) > 0 {
			all = append(all, quote.Match("target_branch", "", e.branches))
		}
	case push:
		all = append(all, `event == "push"`)
		if len(e.branches) > 0 {
			all = append(all, quote.Match("target_branch", "", e.branches))
		}
		if !e.onlyPlain() {
			all = append(all, `!target_branch.startsWith("refs/tags/")`)
		}
	case tag:
		all = append(all, `event == "push"`)
		if len(e.branches) > 0 {
			all = append(all, quote.Match("target_branch", "refs/tags/", e.branches))
		} else {
			all = append(all, `target_branch.startsWith("refs/tags/")`)
		}
	case custom:
		return e.filters[0].expr
	}
	if len(e.paths)+len(e.ignored) > 0 {
		all = append(all, celPaths(e.paths, e.ignored))
	}
	for _, f := range e.filters {
		all = append(all, guarded(f.expr))
	}
	return strings.Join(all, " && ")
}

// onlyPlain reports whether the event is restricted to branches without wildcards, which
// no tag can have: its name begins with refs/tags/.
func (e *event) onlyPlain() bool {
	for _, g := range e.branches {
		if !glob.IsPlain(g) {
			return false
		}
	}
	return len(e.branches) > 0
}
