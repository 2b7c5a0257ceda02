package howto_test

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

func imageWithoutDocker() *manifest.Set {
	// howto image-without-docker
	p := builder.NewPipeline("image")
	repo, src, login := p.Param("repo"), p.Workspace("source"), p.Workspace("dockerconfig")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	image := builder.Add(p, "image", tasks.BuildKit{
		Source: clone.Source, Context: "web", Image: "registry.example.com/acme/web:" + clone.Commit, DockerConfig: login,
	})
	p.Result("digest", image.Digest)
	// howto end
	run := p.Run("image-", repo.Set("https://git.example.com/app.git"), src.VolumeClaimTemplate("1Gi"), login.Secret("registry")).FSGroup(tasks.Group)
	return manifest.New(run, infra.DockerConfig("registry"))
}

func imageName() *manifest.Set {
	p := builder.NewPipeline("image")
	repo, branch, src := p.Param("repo"), p.Param("branch"), p.Workspace("source")
	// howto image-name
	registry := p.Param("registry", builder.Default("registry.example.com/acme"))
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: branch, Output: src})
	tag := builder.Add(p, "tag", tasks.ImageTag{
		Image: registry + "/app", Commit: clone.ShortCommit, Prefix: branch,
	})
	builder.Add(p, "image", tasks.BuildKit{Source: clone.Source, Image: tag.Reference})
	// howto end
	return manifest.New(p)
}

func multiArch() *manifest.Set {
	p := builder.NewPipeline("image")
	src, login := p.Workspace("source"), p.Workspace("dockerconfig")
	// howto multi-arch
	image := builder.Add(p, "image", tasks.Ko{
		Source: src, Package: "./cmd/app", Image: "registry.example.com/acme/app:1.2", DockerConfig: login,
		Platforms: builder.Strings("linux/amd64", "linux/arm64"),
	})
	p.Result("digest", image.Digest) // of the index of both images
	// howto end
	return manifest.New(p)
}

func promoteByDigest() *manifest.Set {
	p := builder.NewPipeline("release")
	src, login, version := p.Workspace("source"), p.Workspace("dockerconfig"), p.Param("version")
	// howto promote-by-digest
	image := builder.Add(p, "image", tasks.BuildKit{
		Source: src, Image: "registry.example.com/staging/app:" + version, DockerConfig: login,
	})
	test := p.AddInline("test", func(t *builder.Task) {
		t.Step("test").Image("registry.example.com/tester:3").
			Env("IMAGE", t.Param("image", image.Reference)).Script(`test-image "$IMAGE"`)
	})
	promote := builder.Add(p, "promote", tasks.ImageCopy{
		From: image.Reference, To: "registry.example.com/prod/app:" + version, DockerConfig: login,
	})
	promote.After(test)
	p.Result("image", promote.Reference)
	// howto end
	return manifest.New(p)
}

func severalEnvironments() *manifest.Set {
	p := builder.NewPipeline("deploy")
	src, image := p.Workspace("source"), p.Param("image")
	// howto several-environments
	run := p.Run("deploy-", image.Set("registry.example.com/app@sha256:"+digest), src.PVC("source")).FSGroup(tasks.Group)
	rbac := infra.RunRBAC(run) // a service account and a Role for each environment
	var before builder.TaskOutput
	for _, env := range []string{"dev", "staging", "prod"} {
		deploy := builder.Add(p, "deploy-"+env, tasks.KustomizeApply{
			Source: src, Path: "deploy/" + builder.String(env), Namespace: "shop-" + builder.String(env),
			Images: builder.Strings("app=" + image), Rollout: builder.Strings("deployment/app"),
			Permissions: tasks.ApplyRules("deployments", "services"),
		})
		run.TaskRunSpec(deploy, builder.TaskRunSpec{ServiceAccount: "deploy-" + env})
		rbac.Named("deploy-"+env, "deployments.apps", "app")
		if before != nil {
			deploy.After(before)
		}
		before = deploy
	}
	set := manifest.New(run, rbac)
	// howto end
	return set.Add(infra.NewPVC("source", "1Gi")).Namespace("ci")
}

const digest builder.String = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// What the page says: a BuildKit converts to a Kaniko.
var _ = tasks.Kaniko(tasks.BuildKit{})
