package triggers

import "github.com/tekwright/tekwright/pkg/builder"

// Release is a release that was published.
type Release struct {
	*event
	// CloneURL is the repository's URL for http(s).
	CloneURL builder.String
	// Repository is the repository's full name: "acme/app".
	Repository builder.String
	// Tag is the tag that was released.
	Tag builder.String
	// Name is the title of the release, its tag where it has none.
	Name builder.String
}

// GitHubRelease is a release published on GitHub, a pre-release included.
func GitHubRelease() *Release {
	e := newEvent("a GitHub release", github, "release")
	e.means = []string{"body.action == 'published'"}
	e.repository, e.author = "body.repository.full_name", "body.release.author.login"
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
