package triggers

// sender is who sends an event: which interceptor checks its signature and
// reads its event type.
type sender struct {
	interceptor string // the ClusterInterceptor, "" where there is none
}

var (
	github    = &sender{"github"}
	gitlab    = &sender{"gitlab"}
	bitbucket = &sender{"bitbucket"}
	anybody   = &sender{}
)

// zeros is the commit that a deletion leaves, and a creation starts from.
const zeros = "'0000000000000000000000000000000000000000'"

// commitFiles lists the files that the commits of a push touched, each once,
// for senders whose commits say so: GitHub, GitLab and Gitea.
const commitFiles = "body.commits.map(c, c.added + c.modified + c.removed).flatten().distinct().join('\\n')"
