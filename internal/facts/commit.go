package facts

import (
	"regexp"
	"slices"
	"strings"
)

// commitPaths are the paths of the commit in events of interceptors, by type. The first of
// them is taken for a trigger that more than one type reaches.
var commitPaths = map[string][]struct{ event, path string }{
	"github": {{"push", "body.after"}, {"pull_request", "body.pull_request.head.sha"}},
	"gitlab": {{"Push Hook", "body.checkout_sha"}, {"Merge Request Hook", "body.object_attributes.last_commit.id"}},
}

// CommitPath returns the path of the commit in the events that reach the trigger, and their
// type. The path is "" if these may be events without one.
func (t *Trigger) CommitPath() (path, event string) {
	ways := t.ways()
	for i, chain := range ways {
		p, e := commitOn(chain)
		if i > 0 && p != path {
			return "", ""
		}
		path, event = p, e
	}
	return path, event
}

func commitOn(chain []*Interceptor) (path, event string) {
	i := slices.IndexFunc(chain, func(x *Interceptor) bool { return commitPaths[x.Core] != nil })
	if i < 0 {
		return "", ""
	}
	types, _ := eventTypes(chain)
	for _, c := range commitPaths[chain[i].Core] {
		if types == nil || slices.Contains(types, c.event) {
			return c.path, c.event
		}
	}
	return "", ""
}

// mayReadCommit matches what is, or may be, the commit, the branch or the tag of an event.
var mayReadCommit = regexp.MustCompile(`(?i)sha|after|commit|rev|ref|branch|tag|hash|head|extensions|changes`)

// ReadsCommit reports whether a binding of the trigger reads, or may read, what the event is
// about: its commit, its branch or its tag.
func (t *Trigger) ReadsCommit() bool {
	params, _ := t.Supply()
	return slices.ContainsFunc(params, func(p *BindingParam) bool {
		return slices.ContainsFunc(p.Takes(), func(x Taken) bool {
			root, rest, _ := strings.Cut(strings.Trim(x.Expr, "{.}"), ".")
			return rest == "" && root == "body" || mayReadCommit.MatchString(x.Expr)
		})
	})
}
