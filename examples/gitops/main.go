// Gitops is the *gitops* system: for a push to GitLab, it builds an image whose
// tag contains the time, and commits the image to an operations repository,
// from which another controller deploys.
//
// Problems of the original YAML, and how they are solved here:
//
//   - The default of a param referred to a result of another task, which Tekton
//     does not replace. Here results are passed to tasks in the pipeline.
//   - Results were written to hard-coded paths, and inputs were inserted into
//     scripts.
//   - A TriggerBinding had an empty spec, which Tekton rejects. Here the binding is
//     derived from what the run uses.
//   - GitLab's checkout_sha is null when a branch is deleted. Here a deletion is not
//     a push.
//   - kubectl patch rewrote the whole file. Here only the image changes, and two
//     concurrent runs do not lose a commit: the second one is based on the first.
//   - The tag was a time without a time zone. Here it is in UTC, followed by the
//     commit.
//   - The tool image had unknown content, TLS of the registry was off, and one
//     service account had two keys for the whole namespace. Here each key is
//     available only to the task that needs it.
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

func main() { generate.Main(system()) }

func system() *manifest.Set {
	p := builder.NewPipeline("build-hello").Describe("build the image of a commit and hand it to the operations repository")
	repo, rev, operations, image := p.Param("repo"), p.Param("revision"), p.Param("operations"), p.Param("image")
	src, pull, write, login := p.Workspace("source"), p.Workspace("git-pull"), p.Workspace("git-write"), p.Workspace("dockerconfig")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src, SSH: pull})
	tag := builder.Add(p, "tag", tasks.ImageTag{Image: image, Commit: clone.ShortCommit})
	img := builder.Add(p, "image", tasks.BuildKit{Source: clone.Source, Image: tag.Reference, DockerConfig: login})
	update := builder.Add(p, "update", tasks.GitOpsUpdate{
		URL: operations, File: "src/deployments/hello-python.yaml", Container: "python-hello",
		Image: img.Reference, SourceCommit: clone.Commit, SSH: write,
	})
	p.Result("operations-commit", update.Commit)

	push := triggers.GitLabPush().Branches("main")
	build := p.Run("build-hello-", repo.Set(push.SSHURL), rev.Set(push.SHA),
		operations.Set("git@gitlab.k8s.local:hello/operations.git"), image.Set("registry.k8s.local/hello/python"),
		src.VolumeClaimTemplate("1Gi"), pull.Secret("git-pull"), write.Secret("git-write"), login.Secret("registry-auth")).
		FSGroup(tasks.Group)
	listener := triggers.NewListener("gitlab").Secret("gitlab-webhook", "token")
	listener.On("build-hello", push, build).Repositories("hello/python")

	return manifest.New(listener, infra.NewNamespace("python-hello-build"), infra.ListenerRBAC(listener),
		infra.SSHAuth("git-pull", "gitlab.k8s.local"), infra.SSHAuth("git-write", "gitlab.k8s.local"),
		infra.DockerConfig("registry-auth"), infra.WebhookSecret("gitlab-webhook", "token"),
		infra.NewIngress("hooks", "ci.k8s.local").Class("nginx").TLS("hooks-tls").Exact("/hooks", listener)).Namespace("python-hello-build").
		Profile(check.Profile{Complete: true, Exists: []diag.ObjectRef{{Kind: "Secret", Name: "hooks-tls"}}}) // cert-manager makes it
}
