package tasks_test

import (
	"fmt"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// show prints the tasks of a pipeline: the Task each one runs, what it waits
// for, and what it is given.
func show(p *builder.Pipeline) {
	objects, err := p.Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range objects {
		pipeline, ok := o.Object.(*v1.Pipeline)
		if !ok {
			continue
		}
		for _, task := range append(pipeline.Spec.Tasks, pipeline.Spec.Finally...) {
			fmt.Println(strings.TrimSpace(task.Name+" runs "+task.TaskRef.Name), task.RunAfter)
			for _, param := range task.Params {
				value := param.Value.StringVal
				if param.Value.Type == v1.ParamTypeArray {
					value = strings.Join(param.Value.ArrayVal, " ")
				}
				fmt.Println("  " + param.Name + ": " + value)
			}
		}
	}
}

func ExampleGitClone() {
	p := builder.NewPipeline("ci")
	repo, src, git := p.Param("repo"), p.Workspace("source"), p.Workspace("git")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: "v1.2", Depth: "0", Output: src, BasicAuth: git})
	p.Result("commit", clone.Commit)

	show(p)
	// Output:
	// clone runs git-clone []
	//   url: $(params.repo)
	//   revision: v1.2
	//   depth: 0
}

func ExampleGoTest() {
	p := builder.NewPipeline("ci")
	src, cache := p.Workspace("source"), p.Workspace("cache")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://example.com/app.git", Output: src})
	test := builder.Add(p, "test", tasks.GoTest{
		Source: clone.Source, Cache: cache, Flags: builder.Strings("-v", "-short"), Race: "true",
	})
	p.Result("coverage", test.Coverage)

	show(p)
	// Output:
	// clone runs git-clone []
	//   url: https://example.com/app.git
	// test runs go-test [clone]
	//   race: true
	//   flags: -v -short
}

func ExampleGoBuild() {
	p := builder.NewPipeline("ci")
	src := p.Workspace("source")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://example.com/app.git", Output: src})
	build := builder.Add(p, "build", tasks.GoBuild{
		Source: clone.Source, Packages: builder.Strings("./cmd/app"), Output: "app",
		LDFlags: "-s -w -X main.commit=" + clone.Commit,
	})
	p.Result("binary", build.Binary)

	show(p)
	// Output:
	// clone runs git-clone []
	//   url: https://example.com/app.git
	// build runs go-build []
	//   ldflags: -s -w -X main.commit=$(tasks.clone.results.commit)
	//   output: app
	//   packages: ./cmd/app
}

func ExampleDockerBuild() {
	p := builder.NewPipeline("ci")
	image, src, login := p.Param("image"), p.Workspace("source"), p.Workspace("login")

	img := builder.Add(p, "image", tasks.DockerBuild{
		Source: src, Image: image + ":1.2", Context: "web", DockerConfig: login,
		BuildArgs: builder.Strings("VERSION=1.2"), Mirror: "https://mirror.example.com",
	})
	p.Result("digest", img.Digest)

	show(p)
	// Output:
	// image runs docker-build []
	//   image: $(params.image):1.2
	//   context: web
	//   build-args: VERSION=1.2
	//   mirror: https://mirror.example.com
}

func ExampleKaniko() {
	p := builder.NewPipeline("ci")
	image, src := p.Param("image"), p.Workspace("source")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://example.com/app.git", Output: src})
	img := builder.Add(p, "image", tasks.Kaniko{Source: clone.Source, Image: image + ":" + clone.ShortCommit})
	p.Result("image", img.Reference)

	show(p)
	// Output:
	// clone runs git-clone []
	//   url: https://example.com/app.git
	// image runs kaniko []
	//   image: $(params.image):$(tasks.clone.results.short-commit)
}

func ExampleBuildKit() {
	p := builder.NewPipeline("ci")
	image, src := p.Param("image"), p.Workspace("source")

	img := builder.Add(p, "image", tasks.BuildKit{
		Source: src, Image: image + ":1.2", BuildArgs: builder.Strings("VERSION=1.2"), Insecure: builder.Strings("registry.local:5000"),
	})
	p.Result("image", img.Reference)

	show(p)
	// Output:
	// image runs buildkit []
	//   image: $(params.image):1.2
	//   build-args: VERSION=1.2
	//   insecure: registry.local:5000
}

func ExampleImageTag() {
	p := builder.NewPipeline("ci")
	branch, src := p.Param("branch"), p.Workspace("source")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://example.com/app.git", Revision: branch, Output: src})
	tag := builder.Add(p, "tag", tasks.ImageTag{
		Image: "registry.example.com/app", Commit: clone.ShortCommit, Prefix: branch,
	})
	builder.Add(p, "image", tasks.BuildKit{Source: clone.Source, Image: tag.Reference}) // app:main-20250102T030405Z-0f1e2d3

	show(p)
	// Output:
	// clone runs git-clone []
	//   url: https://example.com/app.git
	//   revision: $(params.branch)
	// tag runs image-tag []
	//   image: registry.example.com/app
	//   commit: $(tasks.clone.results.short-commit)
	//   prefix: $(params.branch)
	// image runs buildkit []
	//   image: $(tasks.tag.results.reference)
}

func ExampleGitOpsUpdate() {
	p := builder.NewPipeline("cd")
	image, commit, src, key := p.Param("image"), p.Param("commit"), p.Workspace("source"), p.Workspace("key")

	img := builder.Add(p, "image", tasks.BuildKit{Source: src, Image: image})
	update := builder.Add(p, "update", tasks.GitOpsUpdate{
		URL: "git@git.example.com:ops.git", SSH: key, File: "prod/app.yaml", Container: "app",
		Image: img.Reference, SourceCommit: commit,
	})
	p.Result("operations-commit", update.Commit)

	show(p)
	// Output:
	// image runs buildkit []
	//   image: $(params.image)
	// update runs gitops-update []
	//   url: git@git.example.com:ops.git
	//   file: prod/app.yaml
	//   container: app
	//   image: $(tasks.image.results.IMAGE_REFERENCE)
	//   source-commit: $(params.commit)
}

func ExampleKubectlApply() {
	p := builder.NewPipeline("cd")
	src := p.Workspace("source")
	apply := builder.Add(p, "apply", tasks.KubectlApply{
		Source: src, Path: "deploy/prod", Kustomize: "true", Namespace: "prod", Rollout: builder.Strings("deployment/app"),
	})
	p.Result("objects", apply.Count)

	show(p)
	// Output:
	// apply runs kubectl-apply []
	//   path: deploy/prod
	//   namespace: prod
	//   kustomize: true
	//   rollout: deployment/app
}

func ExampleHelmDeploy() {
	p := builder.NewPipeline("cd")
	image, src := p.Param("image"), p.Workspace("source")

	img := builder.Add(p, "image", tasks.BuildKit{Source: src, Image: image})
	builder.Add(p, "deploy", tasks.HelmDeploy{
		Source: src, Chart: "charts/app", Release: "app", Namespace: "prod",
		Set: builder.Strings("replicas=2", "image.digest="+img.Digest),
	})

	show(p)
	// Output:
	// image runs buildkit []
	//   image: $(params.image)
	// deploy runs helm-deploy []
	//   release: app
	//   namespace: prod
	//   chart: charts/app
	//   set: replicas=2 image.digest=$(tasks.image.results.IMAGE_DIGEST)
}

func ExampleHelmRollback() {
	p := builder.NewPipeline("cd")
	deploy := builder.Add(p, "deploy", tasks.HelmDeploy{Chart: "oci://charts.example.com/app", Release: "app", Namespace: "prod"})
	builder.AddFinally(p, "rollback", tasks.HelmRollback{Release: "app", Namespace: "prod"}).
		When(deploy.Status().In(builder.Failed))

	show(p)
	// Output:
	// deploy runs helm-deploy []
	//   release: app
	//   namespace: prod
	//   chart: oci://charts.example.com/app
	// rollback runs helm-rollback []
	//   release: app
	//   namespace: prod
}

func ExampleChangedPaths() {
	p := builder.NewPipeline("ci")
	repo, before, commit, src := p.Param("repo"), p.Param("before"), p.Param("commit"), p.Workspace("source")

	changes := builder.Add(p, "changes", tasks.ChangedPaths{
		URL: repo, Revision: commit, Base: before,
		Directories: builder.Strings("services/*"), Shared: builder.Strings("go.mod", "lib"),
	})
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: commit, Output: src})
	clone.When(changes.Any.In("true"))
	builder.AddMatrix(p, "test", tasks.GoTest{Source: clone.Source, Directory: builder.Each(changes.Changed)})

	show(p)
	// Output:
	// changes runs changed-paths []
	//   url: $(params.repo)
	//   revision: $(params.commit)
	//   base: $(params.before)
	//   directories: services/*
	//   shared: go.mod lib
	// clone runs git-clone []
	//   url: $(params.repo)
	//   revision: $(params.commit)
	// test runs go-test [clone]
}

func ExampleCommitStatus() {
	p := builder.NewPipeline("ci")
	commit, src, token := p.Param("commit"), p.Workspace("source"), p.Workspace("token")

	builder.Add(p, "test", tasks.GoTest{Source: src})
	builder.AddFinally(p, "report", tasks.CommitStatus{
		Provider: tasks.GitHub, Repository: "acme/app", Commit: commit, State: p.Status().Value(),
		Context: "tests", Description: "run " + builder.RunName, Token: token,
	})

	show(p)
	// Output:
	// test runs go-test []
	// report runs commit-status []
	//   provider: github
	//   repository: acme/app
	//   commit: $(params.commit)
	//   state: $(tasks.status)
	//   context: tests
	//   description: run $(context.pipelineRun.name)
}

func ExampleNotify() {
	p := builder.NewPipeline("cd")
	hook := p.Workspace("hook")

	builder.Add(p, "deploy", tasks.HelmDeploy{Chart: "oci://charts.example.com/app", Release: "app", Namespace: "prod"})
	builder.AddFinally(p, "notify", tasks.Notify{
		Status: p.Status().Value(), Message: "deploy of app", Tasks: p.TaskStatuses(), Webhook: hook,
	}).When(p.Status().In(builder.Failed)).ContinueOnError()

	show(p)
	// Output:
	// deploy runs helm-deploy []
	//   release: app
	//   namespace: prod
	//   chart: oci://charts.example.com/app
	// notify runs notify []
	//   message: deploy of app
	//   status: $(tasks.status)
	//   tasks: deploy=$(tasks.deploy.status)
}

func ExampleGitTag() {
	p := builder.NewPipeline("release")
	version, src, key := p.Param("version"), p.Workspace("source"), p.Workspace("key")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: "git@git.example.com:app.git", Output: src, SSH: key})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	tag := builder.Add(p, "tag", tasks.GitTag{
		URL: clone.URL, Tag: "v" + version, Commit: clone.Commit, Message: "Release " + version, SSH: key,
	})
	tag.After(test)

	show(p)
	// Output:
	// clone runs git-clone []
	//   url: git@git.example.com:app.git
	// test runs go-test [clone]
	// tag runs git-tag [test]
	//   url: $(tasks.clone.results.url)
	//   tag: v$(params.version)
	//   commit: $(tasks.clone.results.commit)
	//   message: Release $(params.version)
}

func ExampleImageCopy() {
	p := builder.NewPipeline("promote")
	version, src, login := p.Param("version"), p.Workspace("source"), p.Workspace("login")

	img := builder.Add(p, "image", tasks.BuildKit{Source: src, Image: "registry.example.com/staging/app:" + version, DockerConfig: login})
	copied := builder.Add(p, "promote", tasks.ImageCopy{
		From: img.URL + "@" + img.Digest, To: "registry.example.com/prod/app:" + version, DockerConfig: login,
	})
	p.Result("image", copied.Reference)

	show(p)
	// Output:
	// image runs buildkit []
	//   image: registry.example.com/staging/app:$(params.version)
	// promote runs image-copy []
	//   from: $(tasks.image.results.IMAGE_URL)@$(tasks.image.results.IMAGE_DIGEST)
	//   to: registry.example.com/prod/app:$(params.version)
}

func ExampleGoLint() {
	p := builder.NewPipeline("ci")
	src := p.Workspace("source")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://example.com/app.git", Output: src})
	lint := builder.Add(p, "lint", tasks.GoLint{Source: clone.Source, Flags: builder.Strings("--timeout=10m")})
	p.Result("issues", lint.Issues)

	show(p)
	// Output:
	// clone runs git-clone []
	//   url: https://example.com/app.git
	// lint runs go-lint [clone]
	//   flags: --timeout=10m
}

func ExampleKustomizeApply() {
	p := builder.NewPipeline("cd")
	image, src := p.Param("image"), p.Workspace("source")

	deploy := builder.Add(p, "deploy", tasks.KustomizeApply{
		Source: src, Path: "deploy/prod", Namespace: "prod",
		Images:      builder.Strings("app=" + image),
		Rollout:     builder.Strings("deployment/app"),
		Permissions: tasks.ApplyRules("deployments", "services"),
	})
	p.Result("objects", deploy.Count)

	show(p)
	// Output:
	// deploy runs kustomize-apply []
	//   path: deploy/prod
	//   namespace: prod
	//   images: app=$(params.image)
	//   rollout: deployment/app
}

func ExampleApplyRules() {
	for _, rule := range tasks.ApplyRules("deployments", "services", "widgets.example.com") {
		fmt.Printf("%q %q\n", rule.APIGroups, rule.Resources)
	}
	fmt.Println("each with", tasks.ApplyVerbs())
	// Output:
	// ["apps"] ["deployments"]
	// [""] ["services"]
	// ["example.com"] ["widgets"]
	// each with [get list watch create patch]
}

func ExampleCosignSign() {
	p := builder.NewPipeline("promote")
	image, key := p.Param("image"), p.Workspace("key")

	signed := builder.Add(p, "sign", tasks.CosignSign{
		Image: image, Key: key, Annotations: builder.Strings("run=" + builder.RunName),
	})
	p.Result("signed", signed.Reference)

	show(p)
	// Output:
	// sign runs cosign-sign []
	//   image: $(params.image)
	//   annotations: run=$(context.pipelineRun.name)
}

func ExampleKo() {
	p := builder.NewPipeline("ci")
	src := p.Workspace("source")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://example.com/app.git", Output: src})
	img := builder.Add(p, "image", tasks.Ko{
		Source: clone.Source, Package: "./cmd/app", Image: "registry.example.com/app:" + clone.ShortCommit,
		Platforms: builder.Strings("linux/amd64", "linux/arm64"),
	})
	p.Result("digest", img.Digest)

	show(p)
	// Output:
	// clone runs git-clone []
	//   url: https://example.com/app.git
	// image runs ko []
	//   image: registry.example.com/app:$(tasks.clone.results.short-commit)
	//   package: ./cmd/app
	//   platforms: linux/amd64 linux/arm64
}

func ExampleBuildah() {
	p := builder.NewPipeline("ci")
	image, src, login := p.Param("image"), p.Workspace("source"), p.Workspace("login")

	img := builder.Add(p, "image", tasks.Buildah{Source: src, Image: image, DockerConfig: login})
	p.Result("digest", img.Digest)

	show(p)
	// Output:
	// image runs buildah []
	//   image: $(params.image)
}
