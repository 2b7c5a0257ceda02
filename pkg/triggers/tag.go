package triggers

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/builder"
)

// Tag is a pushed tag. Deleting a tag is not an event.
type Tag struct {
	*event
	// CloneURL is the HTTP URL of the repository.
	CloneURL builder.String
	// Repository is the full name of the repository, such as "acme/app".
	Repository builder.String
	// SHA is the hash of the tagged commit.
	SHA builder.String
	// Name is the name of the tag without refs/tags/.
	Name builder.String
}

const tagName = "body.ref.split('/', 3)[2]"

// Names selects tags by name. In patterns such as "v*", * matches any characters
// except a slash, and ** any characters.
func (t *Tag) Names(globs ...string) *Tag {
	if t != nil {
		t.match(callsite.Here(), "Names", "name", tagName, globs)
	}
	return t
}

// GitHubTag returns the event of a tag pushed to GitHub.
func GitHubTag() *Tag {
	e := newEvent("a GitHub tag", github, "push")
	e.means = []string{"body.ref.startsWith('refs/tags/')", "!body.deleted"}
	e.repository, e.author = "body.repository.full_name", hubAuthor("body.sender")
	return &Tag{
		event:      e,
		CloneURL:   e.body("clone-url", "repository.clone_url"),
		Repository: e.body("repository", "repository.full_name"),
		SHA:        e.body("sha", "head_commit.id"), // body.after is the tag object of an annotated tag
		Name:       e.computed("name", tagName),
	}
}

// GitLabTag returns the event of a tag pushed to GitLab.
func GitLabTag() *Tag {
	e := newEvent("a GitLab tag", gitlab, "Tag Push Hook")
	e.means = []string{"body.ref.startsWith('refs/tags/')", "body.checkout_sha != null", "body.after != " + zeros}
	e.repository = "body.project.path_with_namespace"
	e.author = gitlabAuthor()
	return &Tag{
		event:      e,
		CloneURL:   e.body("clone-url", "project.git_http_url"),
		Repository: e.body("repository", "project.path_with_namespace"),
		SHA:        e.body("sha", "checkout_sha"),
		Name:       e.computed("name", tagName),
	}
}
