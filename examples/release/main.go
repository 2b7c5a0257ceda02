// Release is the *release* system: a push to GitLab is cloned, tested and
// built, an image is built, and Helm deploys it. If the deployment fails, the
// release is rolled back.
//
//	go run ./examples/release              # the manifests as one stream
//	go run ./examples/release -o folder    # one file per object
//
// Problems of the original YAML, and how they are solved here:
//
//   - A taskRef referred to docker-911, but no Task has this name. Here a reference is
//     a Go value, and the Task is included.
//   - The rollback could never run: a failing helm upgrade ended its task before the
//     status was written, and a failed task stops the pipeline. Here it is a finally
//     task with a when expression on the status of deploy.
//   - Tasks were ordered manually, and paths such as /workspace/repo were hard-coded.
//     Here order and paths follow from what is passed on.
//   - docker login -p put the password on a command line, and all runs shared one
//     volume as /var/lib/docker. Here the client reads a Docker config from a
//     Secret, and the daemon of each run has its own data.
//   - The image was deployed by a floating tag. Here it is deployed by digest.
//   - Inputs were inserted into scripts. Here they are environment variables.
//   - The test task only printed a message. Here it runs go test.
//   - The listener and the runs shared one service account with permissions for
//     impersonation and PodSecurityPolicies. Here each has its own, with least
//     privileges; the run can deploy only in kube-ops.
//   - The template referred to a Pipeline that does not exist, and omitted a
//     workspace. Here everything that a run needs is checked before it is written.
//   - Every push to any branch was released, and even the deletion of a branch, whose
//     checkout_sha is null. Here only pushes to main of one repository are.
//   - Passwords were in the manifests. Here Secrets are only declared, and the stream
//     lists the commands that create them.
//   - tekton.dev/v1beta1 is now tekton.dev/v1.
//
// release-1 is a first release that is started manually.
package main

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
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
		infra.WebhookSecret("gitlab-webhook", "token"),
		infra.NewIngress("hooks", "ci.k8s.local").Class("nginx").TLS("hooks-tls").Exact("/hooks", listener)).Namespace("ci").
		Profile(check.Profile{Complete: true, Exists: []diag.ObjectRef{{Kind: "Secret", Name: "hooks-tls"}}}) // cert-manager makes it
}
