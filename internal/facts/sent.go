package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
)

// sent describes the events of one type that strangers cause. It implements
// [celenv.Event].
type sent struct {
	event string // "" for a type that no filter names
	// direct reports whether the stranger has pushed to the repository itself, which Gitea
	// and Forgejo allow: the head of such a pull request (AGit) is not a fork.
	direct bool
	// marked reports whether the stranger pushes to a pull request that members have labeled
	// or assigned: a label stays when there are new commits, which nobody has read.
	marked bool
	before []*Interceptor // may have added extensions
	text   string         // a path whose value the stranger writes; "" if all values are alike
}

// pushActions are the actions of the events about new commits of a pull request that was
// open before, by type.
var pushActions = map[string][]string{
	"pull_request": {"synchronize", "synchronized"}, "pull_request_sync": {"synchronized"}, "Merge Request Hook": {"update"},
}

// sentBy returns descriptions of the events of one type that strangers cause.
func sentBy(event string, chain []*Interceptor) []sent {
	out := []sent{{event: event}}
	if isGitea(chain) && strings.HasPrefix(event, "pull_request") {
		out = append(out, sent{event: event, direct: true})
	}
	if pushActions[event] != nil {
		for _, s := range slices.Clip(out) {
			s.marked = true
			out = append(out, s)
		}
	}
	return out
}

// passing is like sentBy, without the events for marked pull requests that the filters stop.
func passing(event string, chain []*Interceptor) []sent {
	return slices.DeleteFunc(sentBy(event, chain), func(s sent) bool { return s.marked && !s.passes(chain) })
}

// passes reports whether the events pass all filters.
func (s sent) passes(chain []*Interceptor) bool {
	for i, x := range chain {
		if p := x.Params(); p != nil && p.Filter != "" {
			s.before = chain[:i]
			if !celenv.Passes(p.Filter, &s) {
				return false
			}
		}
	}
	return true
}

// marks returns what is known about a value that the marks of a pull request determine, or
// that tells a push from a change of the marks.
func marks(names []string) (celenv.Known, bool) {
	if names[1] == "changes" {
		return ofKind(celenv.Missing), len(names) == 2 || !strings.HasPrefix(names[2], "updated")
	}
	for _, name := range names[1:] {
		switch name {
		case "labels", "label_ids", "assignee", "assignee_id", "assignees", "assignee_ids", "milestone", "milestone_id",
			"requested_reviewers", "requested_teams", "reviewers", "reviewer_ids":
			return ofKind(celenv.Any), true
		}
	}
	return celenv.Known{}, false
}

// isGitea reports whether interceptors are for events of Gitea or Forgejo: they let pass
// a type that GitHub does not have, or read the header.
func isGitea(chain []*Interceptor) bool {
	for _, x := range chain {
		p := x.Params()
		if p == nil {
			continue
		}
		if slices.ContainsFunc(p.EventTypes, func(name string) bool { return giteaOnly[name] }) {
			return true
		}
		if p.Filter != "" {
			if r := celenv.Read(p.Filter); len(r.Values["header.x-gitea-event"]) > 0 {
				return true
			}
		}
	}
	return false
}
