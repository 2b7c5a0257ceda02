package triggers

import "github.com/tekwright/tekwright/pkg/builder"

// Release is a release that was published.
type Release struct {
	*event
	// CloneURL is the HTTP URL of the repository.
	CloneURL builder.String
	// Repository is the full name of the repository, such as "acme/app".
	Repository builder.String
	// Tag is the tag of the release.
	Tag builder.String
	// Name is the title of the release, or its tag if it has no title.
	Name builder.String
}

// GitHubRelease returns the event of a release or a pre-release published on
// GitHub.
func GitHubRelease() *Release {
	e := newEvent("a GitHub release", github, "release")
	e.means = []string{"body.action == 'published'"}
	e.repository, e.author = "body.repository.full_name", hubAuthor("body.release.author")
	name := e.computed("name", "body.release.name in [null, ''] ? body.release.tag_name : body.release.name")
	e.byName["name"].free = true
	return &Release{
		event:      e,
		CloneURL:   e.body("clone-url", "repository.clone_url"),
		Repository: e.body("repository", "repository.full_name"),
		Tag:        e.body("tag", "release.tag_name"),
		Name:       name,
	}
}
