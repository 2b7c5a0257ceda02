// Multi-repo is the *multi-repo* system: one EventListener for several
// repositories, each with its own pipeline, all on one volume. A push to main
// is tested and built, BuildKit builds an image, and Helm deploys it by digest.
//
// Problems of the original YAML, and how they are solved here:
//
//   - The binding did not set the revision, so that every push built master. Here
//     the commit of the push is cloned.
//   - The API server dropped persistentvolumeclaim in lower case.
//   - $(params.commands) was a whole script that a run could set. Here deploying is a
//     task with inputs.
//   - A fixed directory on a shared volume was emptied first, so that two concurrent
//     runs deleted each other's files. Here each run has its own directory, which
//     the last task deletes.
//   - All repositories shared one Go cache, so that a run of one could change what
//     another built. Here each repository has its own, which only runs of reviewed
//     code use: there are no runs for pull requests.
//   - The pipelines were copies. Here one Go function creates both.
//   - There was no branch filter, TLS of the registry was off, images had floating
//     tags, and one service account had cluster-wide permissions.
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
	listener := triggers.NewListener("github").Secret("github-webhook", "token").Requests("250m", "64Mi")
	for _, name := range []string{"gateway", "gmqtt"} {
		push := triggers.GitHubPush().Branches("main")
		listener.On(name, push, release(name, push)).Repositories("hb-chen/" + name)
	}
	return manifest.New(listener, infra.NewNamespace("ci"), infra.ListenerRBAC(listener),
		infra.NewPVC("sources", "5Gi").AccessModes("ReadWriteMany"),
		infra.BasicAuth("git-login", "https://github.com"), infra.DockerConfig("registry-auth"),
		infra.Kubeconfig("kubeconfig"), infra.WebhookSecret("github-webhook", "token"),
		infra.NewIngress("hooks", "ci.example.com").Class("nginx").TLS("hooks-tls").Exact("/hooks", listener)).Namespace("ci").
		Profile(check.Profile{Complete: true, Exists: []diag.ObjectRef{{Kind: "Secret", Name: "hooks-tls"}}}) // cert-manager makes it
}

// release is the run that a push to the repository of a service starts.
func release(name string, push *triggers.Push) *builder.PipelineRun {
	service := builder.String(name)
	p := builder.NewPipeline(name).Describe("test, build and deploy " + name)
	repo, rev := p.Param("repo"), p.Param("revision")
	volume, git, login, kube := p.Workspace("volume"), p.Workspace("git"), p.Workspace("dockerconfig"), p.Workspace("kubeconfig")
	source := volume.SubPath("runs/" + builder.RunName)
	cache := volume.SubPath("go/" + tasks.CachePath("hb-chen/"+name, tasks.Reviewed))
	const proxy builder.String = "https://mirrors.aliyun.com/goproxy/,direct"

	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: source, BasicAuth: git})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source, Cache: cache, Proxy: proxy})
	build := builder.Add(p, "build", tasks.GoBuild{Source: clone.Source, Cache: cache, Proxy: proxy, Packages: builder.Strings("./cmd/" + service), Output: "bin/"})
	build.After(test)
	image := "registry.cn-hangzhou.aliyuncs.com/hb-chen/" + service
	img := builder.Add(p, "image", tasks.BuildKit{Source: build.Source, Image: image + ":" + clone.Commit, DockerConfig: login})
	builder.Add(p, "deploy", tasks.HelmDeploy{
		Source: clone.Source, Chart: "helm", Release: service, Namespace: service, Kubeconfig: kube,
		Set: builder.Strings("image.repository="+image, "image.digest="+img.Digest),
	})
	builder.AddFinally(p, "clean", Clean{Volume: volume, Run: builder.RunName})

	return p.Run(service+"-", repo.Set(push.CloneURL), rev.Set(push.SHA),
		volume.PVC("sources"), git.Secret("git-login"), login.Secret("registry-auth"), kube.Secret("kubeconfig")).
		ServiceAccount("build-bot").FSGroup(tasks.Group)
}

// Clean deletes the directory of a run. It mounts the whole volume, because a task cannot
// delete the directory that it has mounted.
type Clean struct {
	Volume builder.Workspace // required
	Run    builder.String    // required
}

// TaskName is clean.
func (Clean) TaskName() string { return "clean" }

// Define declares the task.
func (c Clean) Define(t *builder.Task) *builder.PipelineTask {
	volume := t.Workspace("volume", c.Volume)
	t.Step("clean").Image("docker.io/library/busybox:1.37.0").Requests("50m", "16Mi").
		Env("RUNS", volume.PathValue()+"/runs").Env("RUN", t.Param("run", c.Run)).
		Script(`rm -rf "$RUNS/${RUN:?}"`)
	return t.PipelineTask()
}
