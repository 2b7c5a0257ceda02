package triggers

import (
	"slices"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/builder"
)

// PullRequest is a pull request or a merge request that was opened, reopened, or
// has new commits. Pull requests from forks are excluded, since anyone can open one:
// see [PullRequest.Forks]. So are those that were pushed to refs/for of Gitea and
// Forgejo, which need no fork.
type PullRequest struct {
	*event
	// CloneURL is the HTTP URL of the target repository. Commits of forks can be
	// fetched from there, too. Bitbucket Server 5 does not send it: a run that uses
	// it does not start.
	CloneURL builder.String
	// SSHURL is the SSH URL of the target repository.
	SSHURL builder.String
	// Repository is the full name of the target repository, such as "acme/app".
	Repository builder.String
	// SHA is the hash of the head commit. Bitbucket Cloud abbreviates it.
	SHA builder.String
	// ShortSHA is the first seven digits of SHA.
	ShortSHA builder.String
	// BaseSHA is the hash of the head commit of the target branch when the event happened, not
	// that of the common ancestor. Bitbucket Cloud abbreviates it; GitLab does not send it.
	BaseSHA builder.String
	// Branch is the source branch. Its name is chosen by the author.
	Branch builder.String
	// Target is the target branch.
	Target builder.String
	// Number is the number of the pull request.
	Number builder.String
	// Author is the name of the user who opened the pull request; on GitLab, the user
	// who caused the event. It is for display: see [Trigger.AuthorIDs].
	Author builder.String
	// Title is the title.
	Title builder.String
	// Labels is the list of the names of the labels, one per line. Bitbucket has no labels.
	Labels builder.String
	// Draft is "true" or "false". It is "false" for old versions of Gitea and Bitbucket, which
	// do not send it.
	Draft builder.String
	// ChangedFiles is the list of changed files, separated by commas. Only GitHub
	// offers it, with an additional request for each event.
	ChangedFiles builder.String

	target  string // CEL
	action  string // CEL, "" if the sender has event types instead
	actions string // the condition on the action, unless Actions is called
	same    string // the condition that it is not from a fork
}

// Targets selects pull requests by their target branch. In patterns, * matches any
// characters except a slash, and ** any characters.
func (p *PullRequest) Targets(globs ...string) *PullRequest {
	if p != nil {
		p.match(callsite.Here(), "Targets", "target", p.target, globs)
	}
	return p
}

// Paths selects pull requests that change a file matching one of the patterns. It
// works only for GitHub: each event then causes a request to GitHub, and private
// repositories need a token (see [Trigger.Token]).
func (p *PullRequest) Paths(globs ...string) *PullRequest {
	if p != nil {
		p.paths(callsite.Here(), globs, func(condition string) string {
			p.fetch = true
			return p.touched + ".exists(f, " + condition + ")"
		})
	}
	return p
}

// Forks also selects pull requests from forks. If the repository is public, anyone can
// open one, and a run that builds or tests its commits runs code of the author's
// choice: give it no Secrets and no service account with permissions, or restrict the
// authors with [Trigger.AuthorIDs].
func (p *PullRequest) Forks() *PullRequest {
	if p != nil && p.event != nil {
		p.means = slices.DeleteFunc(p.means, func(m string) bool { return m == p.same })
	}
	return p
}

// Actions selects pull requests by what happened, using the names of the sender:
// "labeled" or "ready_for_review" for GitHub, "merge" for GitLab,
// "pullrequest:fulfilled" for Bitbucket. It replaces the default actions.
func (p *PullRequest) Actions(names ...string) *PullRequest {
	if p == nil || p.event == nil {
		return p
	}
	if f, ok := unusable(callsite.Here(), "Actions", names); ok {
		p.faults = append(p.faults, f)
		return p
	}
	if p.action == "" {
		p.types = append([]string(nil), names...)
		return p
	}
	for i, m := range p.means {
		if m == p.actions {
			p.means[i] = p.action + " in " + quote.List(names)
		}
	}
	p.actions = p.action + " in " + quote.List(names)
	return p
}

// GitHubPullRequest returns the event of a pull request on GitHub. It also fires for Gitea
// and Forgejo, which send the same headers, but not for new commits there: use
// [GiteaPullRequest] for them.
func GitHubPullRequest() *PullRequest {
	e := newEvent("a GitHub pull request", github, "pull_request")
	p := e.hubPullRequest("body.action in ['opened', 'reopened', 'synchronize']")
	e.touched = "extensions.changed_files.split(',')"
	p.ChangedFiles = e.add(&field{name: "changed-files", path: "extensions.changed_files", fetched: true, free: true})
	return p
}

// GiteaPullRequest returns the event of a pull request on Gitea or Forgejo.
func GiteaPullRequest() *PullRequest {
	e := newEvent("a Gitea pull request", github, "pull_request", "pull_request_sync")
	return e.hubPullRequest("body.action in ['opened', 'reopened', 'synchronized']")
}

// hubSame is the condition that a pull request is from a branch of the target repository.
//
// Who may only read a repository of Gitea or Forgejo can push to refs/for/BRANCH, which
// opens a pull request without a fork (AGit). Its payload has the target repository as
// that of the head. Only the ref differs: it is refs/pull/NUMBER/head, not a branch. Since
// the two also sign like GitHub and send its headers, they fire a trigger for GitHub.
const hubSame = "body.pull_request.head.repo.id == body.pull_request.base.repo.id" +
	" && !body.pull_request.head.ref.startsWith('refs/pull/')"

// hubPullRequest uses the fields of GitHub's payload, which Gitea's has, too.
func (e *event) hubPullRequest(actions string) *PullRequest {
	e.repository, e.author = "body.repository.full_name", hubAuthor("body.pull_request.user")
	e.means = []string{actions, hubSame}
	return &PullRequest{
		event:        e,
		CloneURL:     e.body("clone-url", "repository.clone_url"),
		SSHURL:       e.body("ssh-url", "repository.ssh_url"),
		Repository:   e.body("repository", "repository.full_name"),
		SHA:          e.body("sha", "pull_request.head.sha"),
		ShortSHA:     e.computed("short-sha", "body.pull_request.head.sha.truncate(7)"),
		Branch:       e.body("branch", "pull_request.head.ref"),
		Target:       e.body("target", "pull_request.base.ref"),
		Number:       e.body("number", "pull_request.number"),
		Author:       e.body("author", "pull_request.user.login"),
		Title:        e.body("title", "pull_request.title"),
		BaseSHA:      e.body("base-sha", "pull_request.base.sha"),
		Labels:       e.computed("labels", labelNames("body.pull_request", "name")),
		Draft:        e.computed("draft", draft("body.pull_request")),
		ChangedFiles: e.absent(),
		target:       "body.pull_request.base.ref", action: "body.action", actions: actions, same: hubSame,
	}
}

// GitLabMergeRequest returns the event of a merge request on GitLab.
func GitLabMergeRequest() *PullRequest {
	e := newEvent("a GitLab merge request", gitlab, "Merge Request Hook")
	e.repository = "body.project.path_with_namespace"
	// The payload has the user name of who caused the event, who may be a maintainer
	// that reopens the merge request of a stranger, but only the id of its author.
	e.author = author{id: "body.object_attributes.author_id", numeric: true, nameless: "the payload does not contain the user name of the author"}
	const actions = "(body.object_attributes.action in ['open', 'reopen']" +
		" || body.object_attributes.action == 'update' && has(body.object_attributes.oldrev))"
	const same = "body.object_attributes.source_project_id == body.object_attributes.target_project_id"
	e.means = []string{actions, same}
	return &PullRequest{
		event:        e,
		CloneURL:     e.body("clone-url", "project.git_http_url"),
		SSHURL:       e.body("ssh-url", "project.git_ssh_url"),
		Repository:   e.body("repository", "project.path_with_namespace"),
		SHA:          e.body("sha", "object_attributes.last_commit.id"),
		ShortSHA:     e.computed("short-sha", "body.object_attributes.last_commit.id.truncate(7)"),
		Branch:       e.body("branch", "object_attributes.source_branch"),
		Target:       e.body("target", "object_attributes.target_branch"),
		Number:       e.body("number", "object_attributes.iid"),
		Author:       e.body("author", "user.username"),
		Title:        e.body("title", "object_attributes.title"),
		BaseSHA:      e.absent(),
		Labels:       e.computed("labels", labelNames("body", "title")),
		Draft:        e.computed("draft", "("+draft("body.object_attributes")+" || has(body.object_attributes.work_in_progress) && body.object_attributes.work_in_progress)"),
		ChangedFiles: e.absent(),
		target:       "body.object_attributes.target_branch", action: "body.object_attributes.action", actions: actions, same: same,
	}
}

// BitbucketPullRequest returns the event of a pull request on Bitbucket Cloud.
func BitbucketPullRequest() *PullRequest {
	e := newEvent("a Bitbucket pull request", bitbucket, "pullrequest:created", "pullrequest:updated")
	e.repository, e.author = "body.repository.full_name", bitbucketAuthor("body.pullrequest.author")
	const same = "body.pullrequest.source.repository.uuid == body.pullrequest.destination.repository.uuid"
	e.means = []string{same}
	return &PullRequest{
		event:        e,
		CloneURL:     e.computed("clone-url", "'https://bitbucket.org/' + body.repository.full_name + '.git'"),
		SSHURL:       e.computed("ssh-url", "'git@bitbucket.org:' + body.repository.full_name + '.git'"),
		Repository:   e.body("repository", "repository.full_name"),
		SHA:          e.body("sha", "pullrequest.source.commit.hash"),
		ShortSHA:     e.computed("short-sha", "body.pullrequest.source.commit.hash.truncate(7)"),
		Branch:       e.body("branch", "pullrequest.source.branch.name"),
		Target:       e.body("target", "pullrequest.destination.branch.name"),
		Number:       e.body("number", "pullrequest.id"),
		Author:       e.computed("author", bitbucketName("body.pullrequest.author")),
		Title:        e.body("title", "pullrequest.title"),
		BaseSHA:      e.body("base-sha", "pullrequest.destination.commit.hash"),
		Labels:       e.absent(),
		Draft:        e.computed("draft", draft("body.pullrequest")),
		ChangedFiles: e.absent(),
		target:       "body.pullrequest.destination.branch.name", same: same,
	}
}

// BitbucketServerPullRequest returns the event of a pull request on Bitbucket
// Server or Data Center.
func BitbucketServerPullRequest() *PullRequest {
	e := newEvent("a Bitbucket Server pull request", bitbucket, "pr:opened", "pr:from_ref_updated")
	const to = "body.pullRequest.toRef.repository"
	e.repository = "(" + to + ".project.key + '/' + " + to + ".slug)"
	e.author = serverAuthor("body.pullRequest.author.user")
	const same = "body.pullRequest.fromRef.repository.id == " + to + ".id"
	e.means = []string{same}
	return &PullRequest{
		event:        e,
		CloneURL:     e.computed("clone-url", serverClone(to, "http")),
		SSHURL:       e.computed("ssh-url", serverClone(to, "ssh")),
		Repository:   e.computed("repository", e.repository),
		SHA:          e.body("sha", "pullRequest.fromRef.latestCommit"),
		ShortSHA:     e.computed("short-sha", "body.pullRequest.fromRef.latestCommit.truncate(7)"),
		Branch:       e.body("branch", "pullRequest.fromRef.displayId"),
		Target:       e.body("target", "pullRequest.toRef.displayId"),
		Number:       e.body("number", "pullRequest.id"),
		Author:       e.body("author", "pullRequest.author.user.name"),
		Title:        e.body("title", "pullRequest.title"),
		BaseSHA:      e.body("base-sha", "pullRequest.toRef.latestCommit"),
		Labels:       e.absent(),
		Draft:        e.computed("draft", draft("body.pullRequest")),
		ChangedFiles: e.absent(),
		target:       "body.pullRequest.toRef.displayId", same: same,
	}
}

// labelNames returns the names of the labels of an object, one per line. Old payloads have none.
func labelNames(of, name string) string {
	list := of + ".labels"
	return "(has(" + list + ") && " + list + " != null ? " + list + ".map(l, l." + name + ").join('\\n') : '')"
}

// draft returns whether a pull request is a draft.
func draft(of string) string { return "(has(" + of + ".draft) && " + of + ".draft)" }
