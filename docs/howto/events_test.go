package howto_test

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// cloneAndTest is a pipeline that clones a revision and tests it.
func cloneAndTest() (p *builder.Pipeline, repo, revision builder.String, src builder.Workspace) {
	p = builder.NewPipeline("test")
	repo, revision, src = p.Param("repo"), p.Param("revision"), p.Workspace("source")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: revision, Submodules: "false", Output: src})
	builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	return p, repo, revision, src
}

func schedule() *manifest.Set {
	p, repo, revision, src := cloneAndTest()
	// howto schedule
	nightly := p.Run("nightly-", repo.Set("https://git.example.com/app.git"), revision.Set("main"),
		src.VolumeClaimTemplate("1Gi")).ServiceAccount("nightly").FSGroup(tasks.Group)
	set := manifest.New(infra.RunRBAC(nightly),
		infra.NewSchedule("nightly", "0 3 * * 1-5", nightly).TimeZone("Europe/Berlin")).Namespace("ci")
	// howto end
	return set
}

func gitlabWebhook() *manifest.Set {
	p, repo, revision, src := cloneAndTest()
	// howto gitlab-webhook
	push := triggers.GitLabPush().Branches("main")
	run := p.Run("test-", repo.Set(push.CloneURL), revision.Set(push.SHA),
		src.VolumeClaimTemplate("1Gi")).ServiceAccount("test").FSGroup(tasks.Group)
	listener := triggers.NewListener("gitlab").Secret("gitlab-webhook", "token")
	listener.On("test", push, run).Repositories("acme/app")

	set := manifest.New(listener, infra.ListenerRBAC(listener), infra.WebhookSecret("gitlab-webhook", "token"),
		infra.NewIngress("hooks", "ci.example.com").TLS("hooks-tls").Exact("/gitlab", listener)).Namespace("ci")
	// howto end
	return set
}

func pullRequestStatus() *manifest.Set {
	p, repo, revision, src := cloneAndTest()
	// howto pull-request-status
	name, token := p.Param("name"), p.Workspace("token")
	builder.Add(p, "pending", tasks.CommitStatus{
		Provider: tasks.GitHub, Repository: name, Commit: revision, State: "pending", Token: token,
	})
	builder.AddFinally(p, "status", tasks.CommitStatus{
		Provider: tasks.GitHub, Repository: name, Commit: revision, State: p.Status().Value(), Token: token,
	})
	pr := triggers.GitHubPullRequest().Targets("main")
	run := p.Run("pr-"+pr.Number+"-", repo.Set(pr.CloneURL), revision.Set(pr.SHA), name.Set(pr.Repository),
		src.VolumeClaimTemplate("1Gi"), token.Secret("github-token")).ServiceAccount("test").FSGroup(tasks.Group)
	// howto end
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("test", pr, run).Repositories("acme/app")
	return manifest.New(listener, infra.ListenerRBAC(listener), infra.WebhookSecret("github-webhook", "token"), infra.NewSecret("github-token", "token")).Namespace("ci")
}

func forkPullRequests() *manifest.Set {
	p, repo, revision, src := cloneAndTest()
	// howto fork-pull-requests
	pr := triggers.GitHubPullRequest().Targets("main").Forks()
	run := p.Run("pr-"+pr.Number+"-", repo.Set(pr.CloneURL), revision.Set(pr.SHA),
		src.VolumeClaimTemplate("1Gi")).ServiceAccount("untrusted").FSGroup(tasks.Group)
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("test", pr, run).Repositories("acme/app").
		Filter("body.pull_request.author_association in ['OWNER', 'MEMBER', 'COLLABORATOR', 'CONTRIBUTOR']")
	// howto end
	return manifest.New(listener, infra.ListenerRBAC(listener), infra.WebhookSecret("github-webhook", "token")).Namespace("ci")
}

func commentTest() *manifest.Set {
	p, repo, revision, src := cloneAndTest()
	// howto comment-test
	shop := pac.NewRepository("shop", "https://github.com/acme/shop").Settings(v1alpha1.Settings{
		Policy: &v1alpha1.Policy{OkToTest: []string{"developers"}, PullRequest: []string{"developers"}},
	})
	shop.Run(p.Run("test", repo.Set(pac.SourceURL), revision.Set(pac.Revision), src.VolumeClaimTemplate("1Gi")).
		FSGroup(tasks.Group)).
		On(pac.PullRequest().Targets("main")). // also started by /test and /retest
		CancelInProgress(true)
	shop.Run(p.Run("bench", repo.Set(pac.SourceURL), revision.Set(pac.Revision), src.VolumeClaimTemplate("1Gi")).
		FSGroup(tasks.Group)).
		On(pac.Comment(`^/bench$`))
	set := manifest.New(shop).Namespace("ci").PaC(shop.Runs())
	// howto end
	return set
}
