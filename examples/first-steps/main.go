// First-steps is the *first-steps* system: the smallest Task, TaskRun, Pipeline
// and PipelineRun, and a pipeline that builds an image from a private
// repository and pushes it to a private registry.
//
// Problems of the original YAML, and how they are solved here:
//
//   - PipelineResources, which Tekton has removed, defined the source and the
//     image. Here they are params, and a task clones the source.
//   - A password was in the manifest, in a Secret of every run's service account.
//     Here Secrets are only declared, and are workspaces of the tasks that need
//     them.
//   - v1alpha1 and v1beta1 are now v1.
//
// To control Tekton from Go without manifests, see drive. With a Tekton
// clientset, use the upstream structs that Run.PipelineRun and TaskRun.TaskRun
// return.
package main

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

//go:generate go run . -o manifests

func main() { generate.Main(system()) }

// Hello says hello.
type Hello struct{}

// TaskName returns hello.
func (Hello) TaskName() string { return "hello" }

// Define declares the task.
func (Hello) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("hello").Image("docker.io/library/busybox:1.37.0").Requests("50m", "16Mi").Command("echo").Args("hello world")
	return t.PipelineTask()
}

func system() *manifest.Set {
	hello := builder.NewPipeline("hello")
	builder.Add(hello, "hello", Hello{})

	image := builder.NewPipeline("image").Describe("build an image from a private repository")
	repo, to := image.Param("repo"), image.Param("image")
	src, git, login := image.Workspace("source"), image.Workspace("git"), image.Workspace("dockerconfig")
	clone := builder.Add(image, "clone", tasks.GitClone{URL: repo, Output: src, BasicAuth: git})
	builder.Add(image, "build", tasks.BuildKit{Source: clone.Source, Image: to + ":" + clone.Commit, DockerConfig: login})

	return manifest.New(
		builder.RunTask("hello-task", Hello{}),
		hello.Run("hello-pipeline"),
		image.Run("image-1", repo.Set("https://github.com/acme/private.git"), to.Set("registry.k8s.local/acme/private"),
			src.VolumeClaimTemplate("1Gi"), git.Secret("github-auth"), login.Secret("registry-auth")).FSGroup(tasks.Group),
		infra.BasicAuth("github-auth", "https://github.com"), infra.DockerConfig("registry-auth"),
	).Namespace("first-steps")
}
