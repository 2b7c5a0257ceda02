package tasks

import (
	"net/url"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Trust is how far the code is trusted that a run executes, for [CachePath]. Other
// levels than the constants are possible.
type Trust string

const (
	// Reviewed is for runs of code that a maintainer has accepted: pushes to protected
	// branches, tags, releases, and runs that are started by hand.
	Reviewed Trust = "reviewed"
	// Proposed is for runs of code that nobody has accepted yet, such as pull
	// requests, and for runs that are started by comments.
	Proposed Trust = "proposed"
)

// CachePath returns the directory of a volume that keeps the cache of a repository
// at a level of trust, as one element of a path:
//
//	cache := volume.SubPath("go/" + tasks.CachePath("acme/app", tasks.Reviewed))
//
// Different repositories and levels have different directories, and none is inside
// another. See the section Caches of the package comment.
func CachePath(repository string, trust Trust) builder.String {
	return builder.String(url.QueryEscape(repository) + "@" + url.QueryEscape(string(trust)))
}
