package triggers

import (
	"regexp"
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
)

// Comment is a new comment on an issue or a pull request. Anybody may write
// one: let Authors or Filter say whose counts.
type Comment struct {
	*event
	// CloneURL is the repository's URL for http(s).
	CloneURL builder.String
	// Repository is the repository's full name: "acme/app".
	Repository builder.String
	// Number is the number of the issue or the pull request.
	Number builder.String
	// Text is the comment. A run with a text that holds $(tasks.x.results.y) is
	// refused.
	Text builder.String
	// Author is the account that wrote it.
	Author builder.String
}

// Matching lets only comments in which the regular expression (RE2) matches
// something start something: `^/deploy\b`.
func (c *Comment) Matching(expression string) *Comment {
	if c == nil {
		return c
	}
	at := callsite.Here()
	switch {
	case expression == "":
		c.fault(at, "filter-empty", "Matching is given nothing, which every comment matches",
			"write what a comment must match, or leave Matching out")
		return c
	case !handle.Plain(expression):
		c.fault(at, "handle-misplaced", "Matching takes no reference: "+quoted(expression), "write it as plain text")
		return c
	}
	if _, err := regexp.Compile(expression); err != nil {
		c.fault(at, "filter-invalid", quoted(expression)+" is not a regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "),
			"write it as Go's regexp package reads it")
		return c
	}
	c.where(at, "body.comment.body.matches("+celString(expression)+")")
	return c
}

// GitHubComment is a new comment on an issue or a pull request on GitHub.
func GitHubComment() *Comment {
	e := newEvent("a GitHub comment", github, "issue_comment")
	e.means = []string{"body.action == 'created'"}
	e.repository, e.author = "body.repository.full_name", "body.comment.user.login"
	return &Comment{
		event:      e,
		CloneURL:   e.body("clone-url", "repository.clone_url"),
		Repository: e.body("repository", "repository.full_name"),
		Number:     e.body("number", "issue.number"),
		Text:       e.body("text", "comment.body"),
		Author:     e.body("author", "comment.user.login"),
	}
}
