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

// gate returns a condition of a CEL filter that stops strangers.
func gate(s facts.Stranger) string {
	switch event := s.Event; {
	case strings.HasSuffix(event, "Note Hook"), strings.HasSuffix(event, "Issue Hook"):
		return "body.user.id in [42, 43]"
	case event == "Merge Request Hook":
		return "body.object_attributes.source_project_id == body.object_attributes.target_project_id"
	case strings.HasPrefix(event, "pullrequest:comment"), strings.HasPrefix(event, "issue:"):
		return "body.actor.uuid in ['{UUID}']"
	case strings.HasPrefix(event, "pullrequest:"):
		return "body.pullrequest.source.repository.uuid == body.pullrequest.destination.repository.uuid"
	case strings.HasPrefix(event, "pr:comment"):
		return "body.actor.id in [42, 43]"
	case strings.HasPrefix(event, "pr:"):
		return "body.pullRequest.fromRef.repository.id == body.pullRequest.toRef.repository.id"
	case event == "issues":
		return "body.issue.author_association in ['OWNER', 'MEMBER', 'COLLABORATOR']"
	case slices.Contains([]string{"issue_comment", "pull_request_review_comment", "commit_comment", "discussion_comment", "pull_request_comment"}, event):
		return "body.comment.author_association in ['OWNER', 'MEMBER', 'COLLABORATOR']"
	}
	return "body.pull_request.head.repo.full_name == body.repository.full_name"
}
