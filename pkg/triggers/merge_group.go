package triggers

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/pkg/builder"
)

// MergeGroup is a group of pull requests in a merge queue, which is merged if its checks
// succeed. Only who may write to the repository can add a pull request to the queue, but its
// commits may come from a fork.
type MergeGroup struct {
	*event
	// CloneURL is the HTTP URL of the repository.
	CloneURL builder.String
	// SSHURL is the SSH URL of the repository.
	SSHURL builder.String
	// Repository is the full name of the repository, such as "acme/app".
	Repository builder.String
	// SHA is the full hash of the commit to check: the target branch with the pull requests
	// of the group.
	SHA builder.String
	// ShortSHA is the first seven digits of SHA.
	ShortSHA builder.String
	// BaseSHA is the full hash of the commit on which the group is based. GitHub did not send
	// it before 2023.
	BaseSHA builder.String
	// Branch is the temporary branch of the group, such as
	// gh-readonly-queue/main/pr-104-929f8209d40f77f4abc622a499c93a83babdbe64.
	Branch builder.String
	// Target is the branch into which the group is merged.
	Target builder.String
	// Author is the name of the user who caused the event, for display: see
	// [Trigger.AuthorIDs].
	Author builder.String

	target string // CEL
}

// Targets selects groups by the branch into which they are merged. In patterns, * matches
// any characters except a slash, and ** any characters.
func (m *MergeGroup) Targets(globs ...string) *MergeGroup {
	if m != nil {
		m.match(callsite.Here(), "Targets", "target", m.target, globs)
	}
	return m
}

// GitHubMergeGroup returns the event of a group in a merge queue of GitHub whose checks are
// requested. The webhook needs the event "Merge groups", and the branch protection a required
// status, which the run has to report for the commit SHA.
func GitHubMergeGroup() *MergeGroup {
	e := newEvent("a GitHub merge group", github, "merge_group")
	e.means = []string{"body.action == 'checks_requested'"}
	e.repository, e.author = "body.repository.full_name", hubAuthor("body.sender")
	const target = "body.merge_group.base_ref.split('/', 3)[2]"
	return &MergeGroup{
		event:      e,
		CloneURL:   e.body("clone-url", "repository.clone_url"),
		SSHURL:     e.body("ssh-url", "repository.ssh_url"),
		Repository: e.body("repository", "repository.full_name"),
		SHA:        e.body("sha", "merge_group.head_sha"),
		ShortSHA:   e.computed("short-sha", "body.merge_group.head_sha.truncate(7)"),
		BaseSHA:    e.body("base-sha", "merge_group.base_sha"),
		Branch:     e.computed("branch", "body.merge_group.head_ref.split('/', 3)[2]"),
		Target:     e.computed("target", target),
		Author:     e.body("author", "sender.login"),
		target:     target,
	}
}

// Body implements [Event].
func (m *MergeGroup) Body(path string) builder.String { return m.describe().Body(path) }

// Header implements [Event].
func (m *MergeGroup) Header(name string) builder.String { return m.describe().Header(name) }

// CEL implements [Event].
func (m *MergeGroup) CEL(name, expr string) builder.String { return m.describe().CEL(name, expr) }

// Slug implements [Event].
func (m *MergeGroup) Slug(field builder.String) builder.String { return m.describe().Slug(field) }

// As implements [Event].
func (m *MergeGroup) As(name string, field builder.String) builder.String {
	return m.describe().As(name, field)
}

func (m *MergeGroup) describe() *event {
	if m == nil {
		return nil
	}
	return m.event
}
