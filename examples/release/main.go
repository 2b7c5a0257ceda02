// Command release is the *release* system: a push to GitLab is cloned, tested,
// built, made an image, and deployed with Helm; if the deploy fails, the release
// is rolled back.
//
//	go run ./examples/release              # the manifests as one stream
//	go run ./examples/release -o folder    # one file per object
//
// What its authors' YAML got wrong, and what holds here:
//
//   - A taskRef named docker-911, which no Task is called: here a reference is
//     a Go value, and the Task comes along with it.
//   - The rollback could never run. A failing helm upgrade ended its task
//     before the status was written, and a failed task stops the pipeline. It
//     is a finally task now, guarded by the status of deploy.
//   - The pipeline's tasks were ordered by hand, and paths like
//     /workspace/repo were spelled out. Order and paths follow from what is
//     passed on.
//   - docker login -p put the password on a command line, and one volume served
//     as /var/lib/docker of every run. The client reads a docker config from a
//     Secret, and each run's daemon keeps its data to itself.
//   - The image was deployed by a floating tag. It is deployed by digest.
//   - Inputs were pasted into scripts. They arrive in the environment.
//   - The test task only said that it was one. It runs go test.
//   - One account, with rights to impersonate and on PodSecurityPolicies,
//     served the listener and the runs. Each has its own, with the least rights;
//     the run may deploy in kube-ops and nowhere else.
//   - The template named a Pipeline that is not there and forgot a workspace.
//     What a run needs is checked before anything is written.
//   - Every push to any branch was released, and so was the deletion of one,
//     whose checkout_sha is null. Only pushes to main of one repository are.
//   - Passwords stood in the manifests. Secrets are declared; the stream lists the
//     commands that make them.
//   - tekton.dev/v1beta1 is tekton.dev/v1.
//
// release-1 is a first release, started by hand.
package main

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
)

//go:generate go run . -o manifests

func main() { generate.Main(release()) }

func release() *manifest.Set {
	p := builder.NewPipeline("release").Describe("clone, test, build, deploy, roll back")
	repo := p.Param("repo", builder.Describe("Git URL to release"))
	rev := p.Param("revision", builder.Describe("branch, tag or commit"), builder.Default("main"))
	image := p.Param("image", builder.Describe("image to push, without a tag"))
	mirror := p.Param("mirror", builder.Describe("registry mirror of the daemon"), builder.Default(""))
	src, git, login := p.Workspace("source"), p.Workspace("git"), p.Workspace("dockerconfig")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src, BasicAuth: git})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	build := builder.Add(p, "build", tasks.GoBuild{Source: clone.Source, Output: "demo-app", Proxy: "https://goproxy.cn"})
	build.After(test)
	img := builder.Add(p, "image", tasks.DockerBuild{
		Source: build.Source, Image: image + ":" + clone.Commit, Mirror: mirror, DockerConfig: login,
	})
	deploy := builder.Add(p, "deploy", tasks.HelmDeploy{
		Source: clone.Source, Chart: "helm", Release: "devops-demo", Namespace: "kube-ops",
		Values: builder.Strings("helm/my-values.yaml"),
		Set:    builder.Strings("image.repository="+image, "image.digest="+img.Digest),
	})
	builder.AddFinally(p, "rollback", tasks.HelmRollback{Release: "devops-demo", Namespace: "kube-ops"}).
		When(deploy.Status().In(builder.Failed))
	p.Result("digest", img.Digest, builder.Describe("digest of the image that was deployed"))

	usual := []builder.Arg{
		image.Set("harbor.k8s.local/course/devops-demo"),
		src.VolumeClaimTemplate("1Gi"), git.Secret("gitlab-auth"), login.Secret("harbor-auth"),
	}
	first := p.Run("release-1", append(usual, repo.Set("https://git.k8s.local/course/devops-demo.git"))...).ServiceAccount("release").FSGroup(tasks.Group)

	push := triggers.GitLabPush().Branches("main")
	onPush := p.Run("release-", append(usual, repo.Set(push.CloneURL), rev.Set(push.SHA))...).ServiceAccount("release").FSGroup(tasks.Group)
	listener := triggers.NewListener("gitlab").Secret("gitlab-webhook", "token")
	listener.On("release", push, onPush).Repositories("course/devops-demo")

	return manifest.New(first, listener,
		infra.NewNamespace("ci"), infra.NewNamespace("kube-ops"),
		infra.ListenerRBAC(listener),
		infra.BasicAuth("gitlab-auth", "https://git.k8s.local"),
		infra.DockerConfig("harbor-auth"),
		infra.WebhookToken("gitlab-webhook", "token"),
		infra.NewIngress("hooks", "ci.k8s.local").Class("nginx").TLS("hooks-tls").Exact("/hooks", listener)).Namespace("ci")
}
