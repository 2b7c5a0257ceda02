package triggers

import (
	"regexp"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
)

// Comment is a new comment on an issue or a pull request. Anyone may write one:
// restrict the authors with AuthorIDs or Filter of the [Trigger].
type Comment struct {
	*event
	// CloneURL is the HTTP URL of the repository.
	CloneURL builder.String
	// Repository is the full name of the repository, such as "acme/app".
	Repository builder.String
	// Number is the number of the issue or the pull request.
	Number builder.String
	// Text is the text of the comment.
	Text builder.String
	// Author is the name of the user who wrote the comment, for display: see
	// [Trigger.AuthorIDs].
	Author builder.String
}

// Matching selects comments that contain a match of the regular expression (RE2
// syntax), such as `^/deploy\b`.
func (c *Comment) Matching(expression string) *Comment {
	if c == nil {
		return c
	}
	at := callsite.Here()
	switch {
	case expression == "":
		c.fault(at, "filter-empty", "the expression of Matching is empty and matches every comment",
			"write an expression that comments must match, or remove Matching")
		return c
	case !handle.Plain(expression):
		c.fault(at, "handle-misplaced", "the expression of Matching contains a handle: "+quoted(expression), "write it as plain text")
		return c
	}
	if _, err := regexp.Compile(expression); err != nil {
		c.fault(at, "filter-invalid", quoted(expression)+" is not a valid regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "),
			"use the syntax of Go's regexp package")
		return c
	}
	c.where(at, "body.comment.body.matches("+quote.Text(expression)+")")
	return c
}

// GitHubComment returns the event of a new comment on an issue or a pull request on
// GitHub.
//
// The event does not contain a commit. Between a comment of somebody who has reviewed a
// pull request and the clone of refs/pull/NUMBER/head, the author of the pull request can
// push another commit, which nobody has reviewed. Have the comment name the commit, such
// as "/test 1d0c1a2b…" with the whole hash, and clone that:
//
//	c := triggers.GitHubComment().Matching("^/test [0-9a-f]{40}$")
//	sha := c.CEL("sha", "body.comment.body.substring(6)")
//
// A review contains the commit that was reviewed. It is another event of GitHub,
// pull_request_review, with the commit in review.commit_id: see [AnyEvent].
func GitHubComment() *Comment {
	e := newEvent("a GitHub comment", github, "issue_comment")
	e.means = []string{"body.action == 'created'"}
	e.repository, e.author = "body.repository.full_name", hubAuthor("body.comment.user")
	return &Comment{
		event:      e,
		CloneURL:   e.body("clone-url", "repository.clone_url"),
		Repository: e.body("repository", "repository.full_name"),
		Number:     e.body("number", "issue.number"),
		Text:       e.body("text", "comment.body"),
		Author:     e.body("author", "comment.user.login"),
	}
}
