package facts

import (
	"slices"
	"strings"
	"sync"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/celenv"
)

// Stranger is a way in which people who cannot write to a repository start the runs of
// a trigger: they open a pull request or an issue, or they comment.
type Stranger struct {
	Trigger *Trigger
	// Event is the type of the event, as the sender calls it: pull_request.
	Event string
	// Does is what a stranger does, in a sentence: "anyone who can open a pull request".
	Does string
	// Commits reports whether the event is about commits of the stranger, such as a
	// pull request from a fork.
	Commits bool
	// Marked reports whether the filters stop them before a member has labeled or assigned
	// the pull request, but not when they push to it after that.
	Marked bool
}

// eventKind describes an event that strangers can cause.
type eventKind struct {
	does    string
	commits bool
	reads   []string // prefixes of paths that only these events have
	// follows are prefixes of the paths with the commits. It is set for events that a
	// program causes for commits of members and of strangers: they are the strangers' only
	// for a trigger that reads such a path.
	follows []string
}

var (
	opensPull  = eventKind{does: "open a pull request", commits: true, reads: []string{"body.pull_request."}}
	opensMerge = eventKind{does: "open a merge request", commits: true, reads: []string{"body.object_attributes.source", "body.object_attributes.last_commit."}}
	opensCloud = eventKind{does: "open a pull request", commits: true, reads: []string{"body.pullrequest."}}
	opensOwn   = eventKind{does: "open a pull request", commits: true, reads: []string{"body.pullRequest."}}
	comments   = eventKind{does: "comment", commits: true, reads: []string{"body.comment."}}
	notes      = eventKind{does: "comment", commits: true, reads: []string{"body.object_attributes.note"}}
	reacts     = eventKind{does: "react to a merge request", commits: true}
	opensIssue = eventKind{does: "open an issue", reads: []string{"body.issue."}}
	asks       = eventKind{does: "open an issue"} // with other fields
	forks      = eventKind{does: "fork the repository"}
	stars      = eventKind{does: "star the repository"}
	warns      = eventKind{does: "report a vulnerability"}
	// Programs that run for pull requests send these.
	runs     = follows("body.workflow_run.")
	suites   = follows("body.check_suite.")
	checks   = follows("body.check_run.")
	statuses = eventKind{does: "open a pull request", commits: true, follows: []string{"body.sha", "body.commit."}}
)

func follows(prefix string) eventKind {
	return eventKind{does: "open a pull request", commits: true, reads: []string{prefix}, follows: []string{prefix}}
}

// strangeEvents are the events that strangers can cause if they can read the
// repository, by type. Of the events that EventNames returns, the others need write
// access, such as a push, a label, a release or a merge. The events of an App, such as
// installation, are not about a repository. A System Hook of GitLab is left out,
// because it has all kinds of events.
var strangeEvents = map[string]eventKind{
	// The author of a pull request, who may be a stranger, can also resolve its threads,
	// ask for reviews and close it. Whoever can read the repository can review it: the
	// review of a stranger does not count, but the event is the same.
	"pull_request": opensPull, "pull_request_review": opensPull, "pull_request_review_thread": opensPull,
	// Gitea and Forgejo send the first two of a review. The other names are those of
	// their settings.
	"pull_request_approved": opensPull, "pull_request_rejected": opensPull, "pull_request_sync": opensPull,
	"pull_request_review_approved": opensPull, "pull_request_review_rejected": opensPull, "pull_request_review_request": opensPull,
	"Merge Request Hook": opensMerge, "Emoji Hook": reacts,
	// Whoever can read the repository can approve, or request changes. An author can
	// decline and delete a pull request, and choose the reviewers.
	"pullrequest:created": opensCloud, "pullrequest:updated": opensCloud, "pullrequest:rejected": opensCloud,
	"pullrequest:approved": opensCloud, "pullrequest:unapproved": opensCloud,
	"pullrequest:changes_request_created": opensCloud, "pullrequest:changes_request_removed": opensCloud,
	"pr:opened": opensOwn, "pr:from_ref_updated": opensOwn, "pr:modified": opensOwn, "pr:declined": opensOwn, "pr:deleted": opensOwn,
	"pr:reviewer:updated": opensOwn, "pr:reviewer:approved": opensOwn, "pr:reviewer:unapproved": opensOwn,
	"pr:reviewer:needs_work": opensOwn, "pr:reviewer:changes_requested": opensOwn,
	"issue_comment": comments, "pull_request_comment": comments, "pull_request_review_comment": comments,
	"commit_comment": comments, "discussion_comment": comments, "Note Hook": notes, "Confidential Note Hook": notes,
	"pullrequest:comment_created": comments, "pullrequest:comment_updated": comments, "pullrequest:comment_deleted": comments,
	"pullrequest:comment_resolved": comments, "pullrequest:comment_reopened": comments,
	"repo:commit_comment_created": comments, "issue:comment_created": comments,
	"pr:comment:added": comments, "pr:comment:edited": comments, "pr:comment:deleted": comments,
	"repo:comment:added": comments, "repo:comment:edited": comments, "repo:comment:deleted": comments,
	"issues": opensIssue, "discussion": asks, "Work Item Hook": asks, "Issue Hook": asks, "Confidential Issue Hook": asks,
	"issue:created": asks, "issue:updated": asks,
	"fork": forks, "repo:fork": forks, "repo:forked": forks, "star": stars, "watch": stars, "repository_advisory": warns,
	"workflow_run": runs, "check_suite": suites, "check_run": checks, "status": statuses,
}

// Strangers returns the ways in which people who cannot write to the repository start
// the runs of the trigger. A way is left out if one of the interceptors on it may stop
// strangers: one that decides by the author, by the repository of the commits, by
// labels or by visibility, or one that does not come with Tekton Triggers. A trigger
// to which no listener of the set leads has none, since a listener elsewhere may have
// a group before it.
func (t *Trigger) Strangers() []Stranger {
	t.Spot.Entry.set.asked(Events)
	if !t.strangersDone {
		t.strangersDone = true
		for _, chain := range t.ways() {
			for _, s := range t.strangersOn(chain) {
				if !slices.Contains(t.strangers, s) {
					t.strangers = append(t.strangers, s)
				}
			}
		}
	}
	return t.strangers
}

// Senders is who causes the events that fire a trigger. Both are false if that is not
// known.
type Senders struct {
	// Strangers reports whether people who cannot write to the repository may cause one:
	// see [Trigger.Strangers].
	Strangers bool
	// Members reports whether it accepts events that only those cause who can write to the
	// repository, such as a push or a merge.
	Members bool
}

// Senders returns who causes the events that fire the trigger, on any of the ways to
// it.
func (t *Trigger) Senders() Senders {
	out := Senders{Strangers: len(t.Strangers()) > 0}
	for _, chain := range t.ways() {
		types, _ := eventTypes(chain)
		out.Members = out.Members || slices.ContainsFunc(types, func(event string) bool {
			kind, strange := strangeEvents[event]
			return event != "" && (!strange || kind.follows != nil)
		})
	}
	return out
}

// StartedBy returns who starts a run: the senders of the events for the run of a
// template, with the first trigger that strangers fire, and members for a run that is
// an object of the set.
func (e *Entry) StartedBy() (who Senders, stranger *Trigger) {
	if e.Within == nil {
		return Senders{Members: true}, nil
	}
	if e.body == nil {
		return Senders{}, nil
	}
	t, s := e.body.Template, e.set
	out, ok := s.startedBy[t]
	if !ok {
		for _, trigger := range t.Users() {
			senders := trigger.Senders()
			if senders.Strangers && out.stranger == nil {
				out.stranger = trigger
			}
			out.Strangers, out.Members = out.Strangers || senders.Strangers, out.Members || senders.Members
		}
		if s.startedBy == nil {
			s.startedBy = map[*Template]starter{}
		}
		s.startedBy[t] = out
	}
	return out.Senders, out.stranger
}

// starter is who starts the runs of a template.
type starter struct {
	Senders
	stranger *Trigger
}

// Users returns the triggers of the set that use the template.
func (t *Template) Users() []*Trigger {
	s := t.Spot.Entry.set
	s.asked(Events)
	if s.templateUsers == nil {
		s.templateUsers = map[*v1beta1.TriggerTemplateSpec][]*Trigger{}
		for _, e := range s.entries {
			for _, trigger := range e.Triggers() {
				if spec, _, _ := trigger.TemplateOf(); spec != nil {
					s.templateUsers[spec] = append(s.templateUsers[spec], trigger)
				}
			}
		}
	}
	return s.templateUsers[t.Spec]
}

// eventTypes returns the types of the events that pass the interceptors, as far as they
// compare it; nil for any. It also reports whether one of the interceptors may stop
// strangers whatever the event is.
func eventTypes(chain []*Interceptor) (types []string, stopped bool) {
	limit := func(to []string) {
		if types == nil {
			types = append([]string{}, to...)
			return
		}
		types = slices.DeleteFunc(types, func(s string) bool { return !slices.Contains(to, s) })
	}
	for i, x := range chain {
		p := x.Params()
		if x.Spec == nil || x.Core == "" || x.Core == "slack" || p == nil {
			stopped = true
			continue
		}
		stopped = stopped || p.GithubOwners.Enabled
		if len(p.EventTypes) > 0 {
			limit(p.EventTypes)
		}
		if p.Filter == "" {
			continue
		}
		r := celenv.Read(p.Filter)
		stopped = stopped || r.Never
		for header := range eventHeaders {
			if values := r.Values["header"+header]; len(values) > 0 && !celenv.Passes(p.Filter, &sent{before: chain[:i]}) {
				limit(values)
			}
		}
	}
	return types, stopped
}

// passesAll reports whether strangers who cause an event pass all filters, with any text
// at a path if it is not "".
func passesAll(event, text string, chain []*Interceptor) bool {
	return slices.ContainsFunc(sentBy(event, chain), func(s sent) bool {
		s.text = text
		return s.passes(chain)
	})
}

// stranger returns the stranger who causes an event, if it passes all filters.
func (t *Trigger) stranger(event string, kind *eventKind, chain []*Interceptor) (Stranger, bool) {
	all := sentBy(event, chain)
	i := slices.IndexFunc(all, func(s sent) bool { return s.passes(chain) })
	if i < 0 {
		return Stranger{}, false
	}
	out := Stranger{t, event, "anyone who can " + kind.does, kind.commits, all[i].marked}
	if out.Marked {
		out.Does = "anyone who can push to " + strings.TrimPrefix(kind.does, "open ") + " after it was labeled or assigned"
	}
	return out, true
}

// strangersOn returns the ways in which strangers pass the interceptors.
func (t *Trigger) strangersOn(chain []*Interceptor) []Stranger {
	types, stopped := eventTypes(chain)
	if stopped {
		return nil
	}
	var out []Stranger
	if types != nil {
		types = slices.Clone(types)
		slices.Sort(types)
		for _, name := range slices.Compact(types) {
			if kind, ok := strangeEvents[name]; ok && t.readsOf(&kind) {
				if s, ok := t.stranger(name, &kind, chain); ok {
					out = append(out, s)
				}
			}
		}
		return out
	}
	read := slices.Concat(t.paths(), filterPaths(chain))
	if len(read) == 0 {
		return nil
	}
	for _, name := range strangeNames() {
		kind := strangeEvents[name]
		if !beginsAny(read, kind.reads) || !t.readsOf(&kind) {
			continue
		}
		if kind.follows == nil && slices.ContainsFunc(out, func(s Stranger) bool { return s.Does == "anyone who can "+kind.does }) {
			continue // one event stands for all that have these fields
		}
		if s, ok := t.stranger(name, &kind, chain); ok {
			out = append(out, s)
		}
	}
	return out
}

// filterPaths returns the paths of an event that filters require, those of objects with a
// dot at the end.
func filterPaths(chain []*Interceptor) []string {
	var out []string
	for _, x := range chain {
		if p := x.Params(); p != nil && p.Filter != "" {
			r := celenv.Read(p.Filter)
			for _, path := range slices.Concat(r.Paths, r.Tested) {
				out = append(out, path+".")
			}
		}
	}
	return out
}

// readsOf reports whether the trigger reads what makes an event one of strangers.
func (t *Trigger) readsOf(kind *eventKind) bool {
	return kind.follows == nil || slices.ContainsFunc(t.StrangerValues(), func(v StrangerValue) bool { return beginsAny([]string{v.Path}, kind.follows) })
}

// Causes reports whether the events of the stranger have the value.
func (s *Stranger) Causes(v *StrangerValue) bool {
	if v.Path == "body.after" {
		return s.Event == "pull_request"
	}
	return followed(v.Path, s.Event) || !followed(v.Path, "") && strangeEvents[s.Event].follows == nil
}

// followed reports whether a path is one of an event that a program causes for commits
// of strangers; "" stands for any.
func followed(path, event string) bool {
	for _, name := range [...]string{"workflow_run", "check_suite", "check_run", "status"} {
		if (event == "" || event == name) && beginsAny([]string{path}, strangeEvents[name].follows) {
			return true
		}
	}
	return false
}

// strangeNames returns the types in strangeEvents in order.
var strangeNames = sync.OnceValue(func() []string { return sortedKeys(strangeEvents) })

// paths returns the paths that the bindings of the trigger read.
func (t *Trigger) paths() []string {
	var out []string
	params, _ := t.Supply()
	for _, p := range params {
		for _, x := range p.Takes() {
			out = append(out, strings.Join(x.Path.Fields, "."))
		}
	}
	return out
}

// beginsAny reports whether a path begins with one of the prefixes.
func beginsAny(paths, prefixes []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
	})
}

// overlayOf returns the expression of the overlay that sets an extension, and the part of
// the path inside its value; false if the extension is not known.
func overlayOf(chain []*Interceptor, path string) (expression, inside string, ok bool) {
	for _, x := range slices.Backward(chain) {
		p := x.Params()
		if p == nil {
			continue
		}
		for _, o := range slices.Backward(p.Overlays) {
			if inside, found := strings.CutPrefix(path, o.Key); found && (inside == "" || inside[0] == '.') {
				return o.Expression, inside, true
			}
		}
	}
	return "", "", false
}
