// Image-build is the *image-build* system: for a push to main or a pull request
// on GitHub, received through an Ingress, it builds two images in parallel with
// Docker daemons in sidecars, with one tag per commit.
//
// Problems of the original YAML, and how they are solved here:
//
//   - The pipeline did not pass on the revision, so that "one image per commit" was
//     built from the head of the branch. Here the commit of the event is cloned and
//     is the tag.
//   - $(body.after) does not exist when a pull request is opened or closed, and is
//     forty zeros when a branch is deleted. Here pushes and pull requests are
//     separate events, each with its commit, and deletions are neither.
//   - Runs shared a volume and needed to be given a directory. Here each run has its
//     own volume, which is deleted with it.
//   - The socket of the daemon was shared without TLS, images had floating tags, and
//     docker login -p put the password on a command line.
//   - The code of any pull request was built with the credentials of the registry.
//     Here pull requests from forks are not built.
//   - The Ingresses had no TLS, and set the class in an annotation.
//
// The folder .tekton has the same pipeline for Pipelines-as-Code, which needs no listener,
// Ingress or ServiceAccount of its own. Use one of the two, or each push builds twice.
package main

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
)

//go:generate go run . -o manifests -pac .tekton

func main() { generate.Main(system()) }

func system() *manifest.Set {
	p := builder.NewPipeline("images").Describe("build the frontend's and the backend's image of one commit")
	repo := p.Param("repo", builder.Describe("SSH URL to build from"))
	rev := p.Param("revision", builder.Describe("commit to build"))
	prefix := p.Param("images", builder.Describe("where the images go, without their names"))
	src, ssh, login := p.Workspace("source"), p.Workspace("ssh"), p.Workspace("dockerconfig")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src, SSH: ssh})
	for _, part := range []builder.String{"frontend", "backend"} {
		img := builder.Add(p, "build-"+string(part), tasks.DockerBuild{
			Source: clone.Source, Context: part, Image: prefix + "/" + part + ":" + clone.Commit, DockerConfig: login,
		})
		p.Result(string(part)+"-digest", img.Digest)
	}

	build := func(name, url, commit builder.String) *builder.PipelineRun {
		return p.Run(name, repo.Set(url), rev.Set(commit), prefix.Set("registry.k8s.local/acme"),
			src.VolumeClaimTemplate("2Gi"), ssh.Secret("git-credentials"), login.Secret("registry-auth")).
			FSGroup(tasks.Group)
	}
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	push := triggers.GitHubPush().Branches("main")
	listener.On("push", push, build("push-", push.SSHURL, push.SHA)).Repositories("acme/shop")
	pull := triggers.GitHubPullRequest().Targets("main")
	listener.On("pull-request", pull, build("pull-request-", pull.SSHURL, pull.SHA)).Repositories("acme/shop")

	ci := manifest.New(listener, infra.NewNamespace("ci"), infra.ListenerRBAC(listener),
		infra.SSHAuth("git-credentials", "github.com"), infra.DockerConfig("registry-auth"), infra.WebhookSecret("github-webhook", "token"),
		infra.NewIngress("hooks", "ci.k8s.local").Class("nginx").TLS("hooks-tls").Exact("/hooks", listener)).Namespace("ci")
	dashboard := infra.NewIngress("dashboard", "tekton.k8s.local").Namespace("tekton-pipelines").
		Class("nginx").TLS("dashboard-tls").Path("/", infra.Dashboard())
	const url builder.String = "git@github.com:acme/shop.git"
	ci.PaC(pac.Run(build("push-", url, pac.Revision)).On(pac.Push().Branches("main")),
		pac.Run(build("pull-request-", url, pac.Revision)).On(pac.PullRequest().Targets("main")))
	return manifest.New(ci, dashboard).Profile(check.Profile{Complete: true, Exists: []diag.ObjectRef{
		{Kind: "Secret", Name: "hooks-tls"}, {Kind: "Secret", Name: "dashboard-tls"}, // cert-manager makes them
		{Kind: "Service", Name: "tekton-dashboard"},
	}})
}
