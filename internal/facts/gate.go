package facts

import (
	"slices"
	"strings"
	"sync"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/celenv"
)

// This file describes the events of strangers, so that filters tell whether they stop them.

// KeepsOut reports whether a filter may stop strangers who cause an event of a type.
func KeepsOut(filter, event string) bool {
	return !celenv.Passes(filter, &sent{event: event})
}

// StoppedBy reports whether a when expression may be false for the events of the stranger.
// The function text replaces the variables in a text by the paths of the event that they
// stand for: $(params.author) by $(body.sender.login). Whatever it leaves is not known.
func (s *Stranger) StoppedBy(w *v1.WhenExpression, text func(string) string) bool {
	chain := s.Trigger.Chain()
	if users := s.Trigger.Users(); len(users) > 0 {
		chain = slices.Concat(users[0].chain(), chain)
	}
	return whenStops(passing(s.Event, chain), chain, w, text)
}

// whenStops reports whether a when expression may be false for each of the events, which have
// passed the interceptors.
func whenStops(events []sent, chain []*Interceptor, w *v1.WhenExpression, text func(string) string) bool {
	for _, event := range events {
		event.before = chain
		switch {
		case w.CEL != "":
			if celenv.PassesWhen(text(w.CEL), &event) {
				return false
			}
		case w.Operator == selection.In || w.Operator == selection.NotIn:
			values := make([]string, len(w.Values))
			for i := range w.Values {
				values[i] = text(w.Values[i])
			}
			if celenv.PassesIn(text(w.Input), values, w.Operator == selection.In, &event) {
				return false
			}
		}
	}
	return true
}

// Overlay implements [celenv.Event].
func (s *sent) Overlay(path string) (expression, inside string, ok bool) {
	if path == "changed_files" {
		return "", "", false
	}
	return overlayOf(s.before, path)
}

// Has implements [celenv.Event].
func (s *sent) Has(path string) (always, never bool) {
	names := strings.Split(path, ".")
	switch names[0] {
	case "header":
		header, ok := eventHeaders[path[len("header"):]]
		return ok && header == senderOf(s.event), ok && header != senderOf(s.event)
	case "extensions":
		if len(names) == 1 || names[1] == "changed_files" {
			return false, false
		}
		_, _, ok := s.Overlay(strings.Join(names[1:], "."))
		return ok, !ok
	}
	if s.At(path).Kind == celenv.Missing {
		return false, true
	}
	if len(names) == 1 || path == "body.issue.pull_request" {
		return false, false
	}
	if s.marked && path == "body.object_attributes.oldrev" {
		return true, false
	}
	fields, ok := eventFields[s.event]
	return !ok || fields[names[1]], false
}

// senderOf returns the system that sends the events of a type.
func senderOf(event string) string {
	switch {
	case strings.HasSuffix(event, " Hook"):
		return "gitlab"
	case strings.Contains(event, ":"):
		return "bitbucket"
	}
	return "github"
}

// eventHeaders are the headers with the type of the event, and who sends them.
var eventHeaders = map[string]string{
	".x-github-event": "github", ".x-gitea-event": "github", ".x-gogs-event": "github", ".x-forgejo-event": "github",
	".x-gitlab-event": "gitlab", ".x-event-key": "bitbucket",
}

func oneOf(options ...string) celenv.Known { return celenv.Known{Kind: celenv.OneOf, Options: options} }

func ofKind(kind celenv.KnownKind) celenv.Known { return celenv.Known{Kind: kind} }

// At implements [celenv.Event].
func (s *sent) At(path string) celenv.Known {
	names := strings.Split(path, ".")
	switch names[0] {
	case "header":
		return s.header(path[len("header"):])
	case "extensions":
		if len(names) == 1 || names[1] == "changed_files" {
			return ofKind(celenv.Any)
		}
		if _, _, ok := s.Overlay(strings.Join(names[1:], ".")); ok {
			return ofKind(celenv.Unsure) // it is not an expression that can be read
		}
		return ofKind(celenv.Missing)
	case "body":
	default: // it is not part of the event
		return ofKind(celenv.Unsure)
	}
	if len(names) == 1 {
		return ofKind(celenv.Any)
	}
	for i := range names {
		names[i], _, _ = strings.Cut(names[i], "[")
	}
	if s.lacks(names[1]) {
		return ofKind(celenv.Missing)
	}
	switch path {
	case s.text:
		return ofKind(celenv.Text)
	case "body.action", "body.object_attributes.action":
		if s.text == "body.after" { // there is one only for new commits
			return oneOf("synchronize")
		}
		if s.marked {
			return oneOf(pushActions[s.event]...)
		}
		return oneOf(strangeActionNames()...)
	case "body.object_kind", "body.event_type":
		if kind := gitlabKinds[s.event]; kind != "" {
			return oneOf(kind)
		}
	case "body.eventKey":
		return oneOf(s.event)
	case "body.workflow_run.event": // what started the workflow
		return oneOf("pull_request")
	}
	if s.direct {
		switch {
		case path == "body.pull_request.head.ref":
			return oneOf("refs/pull/1/head")
		case path == "body.pull_request.head.repo.fork":
			return oneOf("false")
		case strings.HasPrefix(path, "body.pull_request.head.repo"):
			return ofKind(celenv.Target)
		}
	}
	if s.marked {
		if k, ok := marks(names); ok {
			return k
		}
	}
	if k, ok := s.decides(path, names); ok {
		return k
	}
	return ofKind(celenv.Any)
}

// header returns what is known about a header.
func (s *sent) header(name string) celenv.Known {
	sender, ok := eventHeaders[name]
	switch {
	case !ok:
		return ofKind(celenv.Any)
	case sender != senderOf(s.event):
		return ofKind(celenv.Missing)
	}
	// In the header, Gitea has other names than in its settings.
	switch s.event {
	case "pull_request_sync", "pull_request_review_request":
		return oneOf(s.event, "pull_request")
	case "pull_request_comment":
		return oneOf(s.event, "issue_comment")
	}
	return oneOf(s.event)
}

// lacks reports whether the events do not have a field at the top.
func (s *sent) lacks(name string) bool {
	fields, ok := eventFields[s.event]
	if !ok {
		return false
	}
	_, has := fields[name]
	return !has
}

// decides returns what is known about a value that strangers cannot choose.
func (s *sent) decides(path string, names []string) (celenv.Known, bool) {
	last := names[len(names)-1]
	commit := strings.Contains(path, "commit") // anybody can write any name into one
	target := strings.Contains(path, ".base.") || strings.Contains(path, ".target.") || strings.Contains(path, ".toRef.") || strings.HasPrefix(path, "body.repository.")
	switch last {
	case "author_association":
		return celenv.Known{Kind: celenv.OneOf, Options: newcomers, Asked: associates}, true
	case "private", "is_private": // everybody can read it
		return oneOf("false"), true
	case "visibility":
		return oneOf("public"), true
	case "visibility_level":
		return oneOf("20"), true
	case "merged":
		return oneOf("false"), true
	case "public":
		if target {
			return oneOf("true"), true
		}
	case "fork":
		if target {
			return ofKind(celenv.Target), true // the repository of the event is one, not that of the commits
		}
		return oneOf("true"), true
	case "type":
		if identifies(names[:len(names)-1]) && !commit {
			return oneOf("User", "NORMAL"), true // anybody is one; NORMAL on Bitbucket Server
		}
	}
	if s.chosenName(names) || chosenOfFork(path) {
		return ofKind(celenv.Any), true
	}
	for i, name := range names {
		inside := i < len(names)-1
		switch name {
		case "labels", "label_ids", "pull_requests", "branches":
			// A check, a run or a status of a fork's commit has no branch and no pull request.
			if name == "branches" && s.event != "status" {
				continue
			}
			if inside || strings.HasSuffix(path, "]") {
				return ofKind(celenv.Missing), true
			}
			return ofKind(celenv.Empty), true
		case "label":
			if names[max(i-1, 0)] != "head" && names[max(i-1, 0)] != "base" {
				return ofKind(celenv.Missing), true
			}
		case "merged_by", "merge_user", "merged_at", "assignee", "assignee_id", "milestone", "milestone_id", "requested_team", "closed_by":
			if inside {
				return ofKind(celenv.Missing), true
			}
			return ofKind(celenv.Chosen), true
		case "assignees", "assignee_ids", "requested_reviewers", "requested_teams", "reviewer_ids":
			return ofKind(celenv.Chosen), true
		case "reviewers":
			if senderOf(s.event) == "bitbucket" {
				return ofKind(celenv.Any), true // the author chooses them
			}
			return ofKind(celenv.Chosen), true
		case "target_project_id":
			return ofKind(celenv.Target), true
		case "source_project_id", "head_repository":
			if !forkHasName(path) {
				return ofKind(celenv.Source), true
			}
		}
	}
	if target {
		return ofKind(celenv.Target), true
	}
	if identifies(names) && !commit {
		return ofKind(celenv.Person), true
	}
	if isSource(path) {
		return ofKind(celenv.Source), true
	}
	return celenv.Known{}, false
}

// The values of author_association of people who have not yet sent a commit to the
// repository, and of others. There may be more.
var (
	newcomers  = []string{"NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR"}
	associates = []string{"OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR"}
)

// strangeActions are the actions on pull requests, issues and comments that strangers
// can cause.
var strangeActions = map[string]bool{
	"opened": true, "open": true, "reopened": true, "reopen": true, "synchronize": true, "synchronized": true, "edited": true, "update": true,
	"created": true, "create": true, "ready_for_review": true, "converted_to_draft": true, "submitted": true, "closed": true, "close": true,
	"deleted": true, "reviewed": true, "resolved": true, "unresolved": true, "answered": true, "unanswered": true,
	"started": true, "award": true, "revoke": true, "reported": true, "completed": true, "in_progress": true,
}

// strangeActionNames returns the actions in strangeActions in order.
var strangeActionNames = sync.OnceValue(func() []string { return sortedKeys(strangeActions) })

// identifies reports whether a path of an event is about the person who caused it.
func identifies(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case "sender", "user", "user_id", "user_username", "user_name", "author", "author_id", "actor", "triggering_actor", "pusher":
			return true
		}
		return false
	})
}

// chosenName reports whether a path is about a person, but is a name that everyone can
// choose for themselves, also that of somebody else.
func (s *sent) chosenName(names []string) bool {
	last := len(names) - 1
	if !identifies(names[:last]) && !slices.Contains(names[:last], "owner") {
		return false
	}
	switch names[last] {
	case "nickname", "display_name", "displayName", "full_name", "avatar_url", "active":
		return true
	case "name": // on Bitbucket Server, it is that of the account
		return senderOf(s.event) != "bitbucket"
	}
	return false
}

// chosenOfFork reports whether a path is about the repository of the commits, but has what
// its owner sets, or what all forks have.
func chosenOfFork(path string) bool {
	for _, owner := range [...]string{".head.repo.", ".head_repository.", ".object_attributes.source.", ".merge_request.source.", ".source.repository.", ".fromRef.repository."} {
		_, rest, ok := strings.Cut(path, owner)
		if !ok {
			continue
		}
		first, _, _ := strings.Cut(rest, ".")
		return settings[first] || strings.HasSuffix(rest, "owner.type") ||
			strings.HasPrefix(first, "has_") || strings.HasPrefix(first, "allow_") || strings.HasSuffix(first, "_count") ||
			owner == ".source.repository." && (rest == "project.key" || rest == "project.name" || rest == "workspace.name")
	}
	return false
}

// settings are the fields of a repository that its owner determines, or that a fork has from
// the repository.
var settings = map[string]bool{
	"default_branch": true, "description": true, "language": true, "topics": true, "license": true, "size": true, "archived": true, "disabled": true,
	"forks": true, "watchers": true, "open_issues": true, "is_template": true, "template": true, "empty": true, "mirror": true, "website": true,
	"created_at": true, "updated_at": true, "pushed_at": true, "avatar_url": true, "namespace": true, "scm": true, "type": true,
	"state": true, "forkable": true, "scmId": true, "hierarchyId": true, "parent": true, "origin": true,
}

// forkHasName reports whether a path is that of the name of a fork, which is the name of
// the repository.
func forkHasName(path string) bool {
	return slices.ContainsFunc([]string{
		".head.repo.name", ".source.repository.name", ".source.repository.slug", ".head_repository.name", ".fromRef.repository.name", ".fromRef.repository.slug", ".source.name",
	}, func(name string) bool { return strings.HasSuffix(path, name) })
}

// isSource reports whether a path is about the repository of the commits.
func isSource(path string) bool {
	if forkHasName(path) {
		return false
	}
	if strings.HasSuffix(path, "check_suite.head_branch") {
		return true // null for a fork
	}
	for _, owner := range [...]string{
		".head.repo", ".head.user", ".head.label", ".head.repo_id", ".object_attributes.source.", ".merge_request.source.", ".source.repository", ".fromRef.repository",
	} {
		if strings.Contains(path, owner) {
			return true
		}
	}
	return false
}
