package triggers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// TestOddIDs sends ids that no sender sends. Nothing that is not exactly the id of a
// trusted user passes AuthorIDs, and no pair of repositories that cannot be compared
// passes for one repository.
func TestOddIDs(t *testing.T) {
	t.Parallel()
	pull := func(f func() *triggers.PullRequest) func() (triggers.Event, builder.String) {
		return func() (triggers.Event, builder.String) { return asked(f()) }
	}
	push := func(f func() *triggers.Push) func() (triggers.Event, builder.String) {
		return func() (triggers.Event, builder.String) { return pushed(f()) }
	}
	for payload, c := range map[string]struct {
		event  func() (triggers.Event, builder.String)
		author string // a path
		id     string
		fork   string // a path
	}{
		"github-pr-opened":            {pull(triggers.GitHubPullRequest), "pull_request.user.id", "21031067", "pull_request.head.repo.id"},
		"gitea-pr-reopened-goscm":     {pull(triggers.GiteaPullRequest), "pull_request.user.id", "6641", "pull_request.head.repo.id"},
		"gitlab-merge-request":        {pull(triggers.GitLabMergeRequest), "object_attributes.author_id", "51", "object_attributes.source_project_id"},
		"bitbucket-cloud-pr-created":  {pull(triggers.BitbucketPullRequest), "pullrequest.author.uuid", "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}", "pullrequest.source.repository.uuid"},
		"bitbucket-server-pr-opened":  {pull(triggers.BitbucketServerPullRequest), "pullRequest.author.user.id", "3231", "pullRequest.fromRef.repository.id"},
		"github-push-goscm":           {push(triggers.GitHubPush), "sender.id", "21031067", ""},
		"gitlab-push":                 {push(triggers.GitLabPush), "user_id", "4", ""},
		"bitbucket-cloud-push":        {push(triggers.BitbucketPush), "actor.uuid", "{a54f16da-24e9-4d7f-a3a7-b1ba2cd98aa3}", ""},
		"bitbucket-server-push-goscm": {push(triggers.BitbucketServerPush), "actor.id", "1", ""},
	} {
		numeric := c.id[0] != '{'
		values := []any{null{}, nil, true, []any{c.id}, map[string]any{"id": c.id}, "", " " + c.id, c.id + "\n", c.id + "x", 0, -1, 1.5, 1e300, "*", "**"}
		if numeric {
			values = append(values, c.id, c.id+".0", "0"+c.id) // the number as a text
		}
		for _, path := range []string{c.author, c.fork} {
			if path == "" {
				continue
			}
			e, field := c.event()
			l := serve(t, e, field, func(tr *triggers.Trigger) {
				if path == c.author {
					tr.AuthorIDs(c.id)
				}
			})
			p := load(t, payload)
			assert.Len(t, l.Send(t, p.request(secret)).Runs, 1, "%s as it is", payload)
			for _, v := range values {
				edit := map[string]any{path: v}
				assert.Empty(t, l.Send(t, p.edit(t, edit).request(secret)).Runs, "%s with %v", payload, edit)
			}
		}
	}
}
