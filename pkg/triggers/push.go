package triggers

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/builder"
)

// Push is a push of commits to a branch. Pushed tags and branch deletions do not
// count as pushes.
type Push struct {
	*event
	// CloneURL is the HTTP URL of the repository. Bitbucket Server 5 does not send
	// it: a run that uses it does not start.
	CloneURL builder.String
	// SSHURL is the SSH URL of the repository. Bitbucket Server 5 does not send it.
	SSHURL builder.String
	// Repository is the full name of the repository, such as "acme/app".
	Repository builder.String
	// SHA is the full hash of the new head commit of the branch.
	SHA builder.String
	// ShortSHA is the first seven digits of SHA.
	ShortSHA builder.String
	// Before is the full hash of the head commit before the push. For a new branch it is 40
	// zeros.
	Before builder.String
	// Branch is the name of the branch without refs/heads/. It may contain a slash,
	// which is not allowed in a label value or a name: see Slug.
	Branch builder.String
	// Author is the name of the user who pushed, for display: see [Trigger.AuthorIDs].
	Author builder.String
	// Message is the message of the new head commit. Bitbucket Server and Gitea 1.4
	// do not send it.
	Message builder.String
	// ChangedFiles is the list of files changed by the pushed commits, one per line.
	// Bitbucket does not send it.
	ChangedFiles builder.String

	branch string // CEL
}

// Branches selects pushes by branch. In patterns such as "release/*", * matches
// any characters except a slash, and ** any characters. If Branches is called more
// than once, a branch must match every call.
func (p *Push) Branches(globs ...string) *Push {
	if p != nil {
		p.match(callsite.Here(), "Branches", "branch", p.branch, globs)
	}
	return p
}

// Paths selects pushes that change a file matching one of the patterns, such as
// "docs/**" or "*.go". Bitbucket does not send the changed files.
func (p *Push) Paths(globs ...string) *Push {
	if p != nil {
		p.paths(callsite.Here(), globs, func(condition string) string {
			return "body.commits.exists(c, (c.added + c.modified + c.removed).exists(f, " + condition + "))"
		})
	}
	return p
}

const headBranch = "body.ref.split('/', 3)[2]"

// GitHubPush returns the event of a push to a branch on GitHub.
func GitHubPush() *Push {
	e := newEvent("a GitHub push", github, "push")
	e.means = []string{"body.ref.startsWith('refs/heads/')", "!body.deleted"}
	return e.hubPush()
}

// GiteaPush returns the event of a push to a branch on Gitea or Forgejo, which use
// the same signatures as GitHub.
func GiteaPush() *Push {
	e := newEvent("a Gitea push", github, "push")
	e.means = []string{"body.ref.startsWith('refs/heads/')", "body.after != " + zeros}
	return e.hubPush()
}

// hubPush has the fields of GitHub's payload, which Gitea's copies.
func (e *event) hubPush() *Push {
	e.repository, e.author = "body.repository.full_name", hubAuthor("body.sender")
	e.touched = commitFiles
	return &Push{
		event:        e,
		CloneURL:     e.body("clone-url", "repository.clone_url"),
		SSHURL:       e.body("ssh-url", "repository.ssh_url"),
		Repository:   e.body("repository", "repository.full_name"),
		SHA:          e.body("sha", "after"),
		Before:       e.body("before", "before"),
		ShortSHA:     e.computed("short-sha", "body.after.truncate(7)"),
		Branch:       e.computed("branch", headBranch),
		Author:       e.body("author", "sender.login"),
		Message:      e.body("message", "head_commit.message"),
		ChangedFiles: e.computed("changed-files", commitFiles),
		branch:       headBranch,
	}
}

// GitLabPush returns the event of a push to a branch on GitLab.
func GitLabPush() *Push {
	e := newEvent("a GitLab push", gitlab, "Push Hook")
	e.means = []string{"body.ref.startsWith('refs/heads/')", "body.checkout_sha != null", "body.after != " + zeros}
	e.repository = "body.project.path_with_namespace"
	e.author = gitlabAuthor()
	e.touched = commitFiles
	return &Push{
		event:      e,
		CloneURL:   e.body("clone-url", "project.git_http_url"),
		SSHURL:     e.body("ssh-url", "project.git_ssh_url"),
		Repository: e.body("repository", "project.path_with_namespace"),
		SHA:        e.body("sha", "checkout_sha"),
		Before:     e.body("before", "before"),
		ShortSHA:   e.computed("short-sha", "body.checkout_sha.truncate(7)"),
		Branch:     e.computed("branch", headBranch),
		Author:     e.computed("author", gitlabName),
		Message: e.computed("message",
			"body.commits.size() > 0 ? body.commits[body.commits.size() - 1].message : ''"),
		ChangedFiles: e.computed("changed-files", commitFiles),
		branch:       headBranch,
	}
}

// BitbucketPush returns the event of a push to a branch on Bitbucket Cloud. If
// several branches are pushed at once, only the first one counts.
func BitbucketPush() *Push {
	e := newEvent("a Bitbucket push", bitbucket, "repo:push")
	e.means = []string{
		"body.push.changes.size() > 0", "body.push.changes[0].new != null", "body.push.changes[0].new.type == 'branch'",
	}
	e.repository, e.author = "body.repository.full_name", bitbucketAuthor("body.actor")
	const branch = "body.push.changes[0].new.name"
	return &Push{
		event:        e,
		CloneURL:     e.computed("clone-url", "'https://bitbucket.org/' + body.repository.full_name + '.git'"),
		SSHURL:       e.computed("ssh-url", "'git@bitbucket.org:' + body.repository.full_name + '.git'"),
		Repository:   e.body("repository", "repository.full_name"),
		SHA:          e.body("sha", "push.changes[0].new.target.hash"),
		Before:       e.computed("before", "(body.push.changes[0].old == null ? "+zeros+" : body.push.changes[0].old.target.hash)"),
		ShortSHA:     e.computed("short-sha", "body.push.changes[0].new.target.hash.truncate(7)"),
		Branch:       e.body("branch", "push.changes[0].new.name"),
		Author:       e.computed("author", bitbucketName("body.actor")),
		Message:      e.body("message", "push.changes[0].new.target.message"),
		ChangedFiles: e.absent(),
		branch:       branch,
	}
}

// BitbucketServerPush returns the event of a push to a branch on Bitbucket Server or
// Data Center. If several branches are pushed at once, only the first one counts.
func BitbucketServerPush() *Push {
	e := newEvent("a Bitbucket Server push", bitbucket, "repo:refs_changed")
	e.means = []string{
		"body.changes.size() > 0", "body.changes[0].type != 'DELETE'", "body.changes[0].ref.type == 'BRANCH'",
	}
	e.repository = "(body.repository.project.key + '/' + body.repository.slug)"
	e.author = serverAuthor("body.actor")
	const branch = "body.changes[0].ref.displayId"
	return &Push{
		event:        e,
		CloneURL:     e.computed("clone-url", serverClone("body.repository", "http")),
		SSHURL:       e.computed("ssh-url", serverClone("body.repository", "ssh")),
		Repository:   e.computed("repository", e.repository),
		SHA:          e.body("sha", "changes[0].toHash"),
		Before:       e.body("before", "changes[0].fromHash"),
		ShortSHA:     e.computed("short-sha", "body.changes[0].toHash.truncate(7)"),
		Branch:       e.body("branch", "changes[0].ref.displayId"),
		Author:       e.body("author", "actor.name"),
		Message:      e.absent(),
		ChangedFiles: e.absent(),
		branch:       branch,
	}
}

// serverClone returns the clone URL of a repository on Bitbucket Server.
func serverClone(repository, scheme string) string {
	return repository + ".links.clone.filter(l, l.name.startsWith('" + scheme + "'))[0].href"
}
