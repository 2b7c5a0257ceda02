// Package trust has the rules about strangers: people who cannot write to a repository,
// but start runs by a pull request from a fork, an issue or a comment.
package trust

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	untrustedCode,
	untrustedInput,
}

// sentence joins items: a, b and c.
func sentence(items []string) string {
	if n := len(items); n > 1 {
		return strings.Join(items[:n-1], ", ") + " and " + items[n-1]
	}
	return strings.Join(items, "")
}

// interceptors returns the place of the interceptors of a trigger, or the place of the
// trigger if it has none.
func interceptors(t *facts.Trigger) facts.Spot {
	if len(t.Interceptors) > 0 {
		return t.Spot.Field("interceptors")
	}
	return t.Spot
}

// gate returns a condition of a CEL filter that stops strangers. It is false, and not an
// error, for events without the field, and for a fork that was deleted.
func gate(s facts.Stranger) string {
	const (
		ids   = " in [42, 43]"
		uuids = " in ['{UUID}']"
	)
	event := s.Event
	is := func(events ...string) bool { return slices.Contains(events, event) }
	starts := func(prefix string) bool { return strings.HasPrefix(event, prefix) }
	switch {
	case is("Emoji Hook"):
		return "has(body.user) && has(body.user.id) && body.user.id" + ids
	case is("Merge Request Hook"):
		return "has(body.object_attributes) && body.object_attributes.source_project_id == body.object_attributes.target_project_id"
	case strings.HasSuffix(event, " Hook"):
		return "has(body.object_attributes) && body.object_attributes.author_id" + ids // the sender may have changed a label only
	case starts("pullrequest:comment"):
		return "has(body.comment) && body.comment.user.uuid" + uuids
	case starts("pullrequest:"):
		return same("body.pullrequest", "source.repository.uuid", "body.pullrequest.destination.repository.uuid")
	case starts("issue:"), is("repo:fork", "repo:commit_comment_created"):
		return "has(body.actor) && body.actor.uuid" + uuids
	case starts("pr:comment"), starts("repo:comment:"):
		return "has(body.comment) && body.comment.author.id" + ids
	case is("repo:forked"):
		return "has(body.actor) && body.actor.id" + ids
	case starts("pr:"):
		return same("body.pullRequest", "fromRef.repository.id", "body.pullRequest.toRef.repository.id")
	case is("issues"):
		return "has(body.issue) && body.issue.user.id" + ids
	case is("discussion"):
		return "has(body.discussion) && body.discussion.user.id" + ids
	case is("issue_comment", "pull_request_review_comment", "commit_comment", "discussion_comment"):
		return "has(body.comment) && body.comment.user.id" + ids
	case is("pull_request_comment"): // Gitea sends reviews with this type, too, which have no comment
		return "has(body.sender) && body.sender.id" + ids + " && (!has(body.comment) || body.comment.user.id" + ids + ")"
	case is("workflow_run"):
		return same("body.workflow_run", "head_repository.full_name", "body.repository.full_name")
	case is("check_suite", "check_run"): // a commit of a fork is in none of these pull requests
		return "has(body." + event + ") && body." + event + ".pull_requests.exists(p, p.head.sha == body." + event + ".head_sha && p.head.repo.id == body.repository.id)"
	case is("status"):
		return "has(body.branches) && body.branches.exists(b, b.commit.sha == body.sha)"
	case is("fork", "star", "watch", "repository_advisory"):
		return "has(body.sender) && body.sender.id" + ids
	}
	// On Gitea and Forgejo, whoever can read the repository can push to refs/for, which
	// opens a pull request from the repository itself.
	return same("body.pull_request", "head.repo.full_name", "body.repository.full_name") + " && !body.pull_request.head.ref.startsWith('refs/pull/')"
}

// labeled returns a condition of a CEL filter that only events that add a label pass.
func labeled(s facts.Stranger) string {
	switch s.Event {
	case "Merge Request Hook":
		return "has(body.changes) && has(body.changes.labels)"
	case "pull_request_sync": // of Gitea
		return "body.action == 'label_updated'"
	}
	return "body.action == 'labeled'"
}

// same returns the condition that a request has a field with a value.
func same(request, field, value string) string {
	field = request + "." + field
	return "has(" + request + ") && has(" + field + ") && " + field + " == " + value
}
