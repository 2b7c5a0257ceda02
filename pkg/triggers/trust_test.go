package triggers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// images returns a run that builds an image of a commit with a Secret.
func images(url, revision builder.String) *builder.PipelineRun {
	p := builder.NewPipeline("images")
	repo, rev, src, login := p.Param("repo"), p.Param("revision"), p.Workspace("source"), p.Workspace("login")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src})
	builder.Add(p, "build", tasks.Kaniko{Source: clone.Source, Image: "registry.example.com/acme/app:" + clone.Commit, DockerConfig: login})
	return p.Run("images-", repo.Set(url), rev.Set(revision), src.VolumeClaimTemplate("1Gi"), login.Secret("registry"))
}

// TestStrangers checks that code and texts of strangers are reported where triggers are
// described, and only if strangers can start a run.
func TestStrangers(t *testing.T) {
	pull := func(of func() *triggers.PullRequest, forks bool, shape ...func(*triggers.Trigger)) *triggers.Listener {
		pr := of()
		if forks {
			pr.Forks()
		}
		l := triggers.NewListener("hub").Secret("webhook", "token")
		on := l.On("t", pr, images(pr.CloneURL, pr.SHA))
		for _, s := range shape {
			s(on)
		}
		return l
	}
	comment := func(revision func(c *triggers.Comment) builder.String, shape ...func(*triggers.Trigger)) *triggers.Listener {
		c := triggers.GitHubComment().Matching("^/build")
		l := triggers.NewListener("hub").Secret("webhook", "token")
		on := l.On("t", c, images(c.CloneURL, revision(c)))
		for _, s := range shape {
			s(on)
		}
		return l
	}
	head := func(c *triggers.Comment) builder.String { return "refs/pull/" + c.Number + "/head" }
	text := func(c *triggers.Comment) builder.String { return c.Text }
	members := func(t *triggers.Trigger) {
		t.Filter("body.comment.author_association in ['OWNER', 'MEMBER']")
	}
	push := triggers.GitHubPush()
	pushed := triggers.NewListener("hub").Secret("webhook", "token")
	pushed.On("t", push, images(push.CloneURL, push.SHA))

	type listener = *triggers.Listener
	for name, c := range map[string]struct {
		of   listener
		want string
	}{
		"a push":                   {pushed, ""},
		"comments":                 {comment(head), "untrusted-code"},
		"a comment":                {comment(text), "untrusted-input"},
		"members":                  {comment(head, members), ""},
		"a member":                 {comment(text, members), ""},
		"an id":                    {comment(text, func(t *triggers.Trigger) { t.AuthorIDs("583231") }), ""},
		"forks, by id":             {pull(triggers.GitHubPullRequest, true, func(t *triggers.Trigger) { t.AuthorIDs("583231") }), ""},
		"forks, by name":           {pull(triggers.GitHubPullRequest, true, func(t *triggers.Trigger) { t.Authors("ada") }), ""},
		"forks, by project":        {pull(triggers.GitLabMergeRequest, true, func(t *triggers.Trigger) { t.Repositories("acme/app") }), "untrusted-code"},
		"forks, private":           {pull(triggers.GitHubPullRequest, true, func(t *triggers.Trigger) { t.Filter("body.repository.private") }), ""},
		"forks, by name or action": {pull(triggers.GitHubPullRequest, true, func(t *triggers.Trigger) { t.Filter("body.sender.login == 'ada' || body.action == 'opened'") }), "untrusted-code"},
		"forks, not skipped":       {pull(triggers.GitHubPullRequest, true, func(t *triggers.Trigger) { t.Filter("!body.pull_request.labels.exists(l, l.name == 'skip')") }), "untrusted-code"},
		"merged":                   {pull(func() *triggers.PullRequest { return triggers.GitLabMergeRequest().Actions("merge") }, true), ""},
		"explained": {pull(triggers.GitHubPullRequest, true, func(t *triggers.Trigger) {
			t.Mutate(func(o *v1beta1.Trigger) {
				o.Annotations = map[string]string{"check.tekwright.dev/untrusted-code": "only members can read the repository"}
			})
		}), ""},
	} {
		assert.Equal(t, c.want, strangers(t, c.of), name)
	}
	for name, c := range map[string]struct {
		of            func() *triggers.PullRequest
		before, after builder.String
	}{
		"GitHub": {triggers.GitHubPullRequest, "refs/pull/", "/head"}, "Gitea": {triggers.GiteaPullRequest, "refs/pull/", "/head"},
		"GitLab": {triggers.GitLabMergeRequest, "refs/merge-requests/", "/head"}, "Bitbucket Server": {triggers.BitbucketServerPullRequest, "refs/pull-requests/", "/from"},
	} {
		pr := c.of().Forks()
		l := triggers.NewListener("hub").Secret("webhook", "token")
		l.On("t", pr, images(pr.CloneURL, c.before+pr.Number+c.after))
		assert.Equal(t, "untrusted-code", strangers(t, l), "the ref of %s", name)
		pr = c.of().Forks()
		l = triggers.NewListener("hub").Secret("webhook", "token")
		l.On("t", pr, images(pr.CloneURL, "refs/heads/"+pr.Target))
		assert.Empty(t, strangers(t, l), "the target of %s", name)
	}
	for name, of := range map[string]func() *triggers.PullRequest{
		"GitHub": triggers.GitHubPullRequest, "Gitea": triggers.GiteaPullRequest, "GitLab": triggers.GitLabMergeRequest,
		"Bitbucket": triggers.BitbucketPullRequest, "Bitbucket Server": triggers.BitbucketServerPullRequest,
	} {
		assert.Empty(t, strangers(t, pull(of, false)), name)
		assert.Equal(t, "untrusted-code", strangers(t, pull(of, true)), name)
	}
}

// strangers returns the codes of the findings about strangers, each of which is in the
// program.
func strangers(t *testing.T, l *triggers.Listener) string {
	t.Helper()
	objects, err := l.Objects()
	require.NoError(t, err)
	found, err := check.Run(t.Context(), objects, check.Profile{})
	require.NoError(t, err)
	var codes []string
	for _, f := range found {
		if strings.HasPrefix(f.Code, "untrusted-") {
			codes = append(codes, f.Code)
			assert.Contains(t, f.Position.File, "trust_test.go")
		}
	}
	return strings.Join(codes, " ")
}
