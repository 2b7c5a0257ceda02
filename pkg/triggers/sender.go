package triggers

// sender is the sender of an event, with the interceptor that checks its signature
// and its event type.
type sender struct {
	interceptor string // the ClusterInterceptor, or ""
}

var (
	github    = &sender{"github"}
	gitlab    = &sender{"gitlab"}
	bitbucket = &sender{"bitbucket"}
	anybody   = &sender{}
)

// zeros is the new commit of a deletion, and the old one of a creation.
const zeros = "'0000000000000000000000000000000000000000'"

// commitFiles is the list of files that the commits of a push change, each once, for
// senders that list them: GitHub, GitLab and Gitea.
const commitFiles = "body.commits.map(c, c.added + c.modified + c.removed).flatten().distinct().join('\\n')"
