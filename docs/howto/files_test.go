package howto_test

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

func shareFiles() *manifest.Set {
	// howto share-files
	p := builder.NewPipeline("build")
	repo, src := p.Param("repo"), p.Workspace("source")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	build := builder.Add(p, "build", tasks.GoBuild{Source: clone.Source, Output: "app"})
	p.AddInline("sum", func(t *builder.Task) {
		files := t.Workspace("source", build.Source, builder.ReadOnly())
		program := t.Param("program", build.Binary)
		t.Step("sum").Image("docker.io/library/busybox:1.37.0").
			WorkingDir(files.PathValue()).Env("PROGRAM", program).
			Script(`sha256sum "$PROGRAM"`)
	})
	run := p.Run("build-", repo.Set("https://git.example.com/app.git"),
		src.VolumeClaimTemplate("1Gi")).FSGroup(tasks.Group)
	// howto end
	return manifest.New(run)
}

func privateRepository() *manifest.Set {
	// howto private-repository
	p := builder.NewPipeline("test")
	src, key := p.Workspace("source"), p.Workspace("git-key")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: "git@git.example.com:acme/app.git", Output: src, SSH: key})
	builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	run := p.Run("test-", src.VolumeClaimTemplate("1Gi"), key.Secret("git-key")).FSGroup(tasks.Group)

	set := manifest.New(run, infra.NewSecret("git-key", "ssh-privatekey", "known_hosts"))
	// howto end
	return set
}

func registryLogin() *manifest.Set {
	p := builder.NewPipeline("image")
	src := p.Workspace("source")
	// howto registry-login
	login := p.Workspace("dockerconfig")
	builder.Add(p, "image", tasks.BuildKit{
		Source: src, Image: "registry.example.com/acme/app:1.2", DockerConfig: login,
	})
	run := p.Run("image-", src.PVC("source"), login.Secret("registry")).FSGroup(tasks.Group)

	set := manifest.New(run, infra.NewPVC("source", "1Gi"), infra.DockerConfig("registry"))
	// howto end
	return set
}

func cacheGoModules() *manifest.Set {
	// howto cache-go-modules
	p := builder.NewPipeline("test")
	volume := p.Workspace("volume")
	src := volume.SubPath("runs/" + builder.RunName)
	cache := volume.SubPath("go/" + tasks.CachePath("acme/app", tasks.Reviewed))
	clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://git.example.com/acme/app.git", Output: src})
	builder.Add(p, "test", tasks.GoTest{Source: clone.Source, Cache: cache})
	p.AddFinallyInline("clean", func(t *builder.Task) {
		t.Step("clean").Image("docker.io/library/busybox:1.37.0").SecurityContext(tasks.Unprivileged()).
			Env("RUN", t.Param("run", builder.RunName)).
			WorkingDir(t.Workspace("volume", volume).PathValue()).Script(`rm -rf "runs/${RUN:?}"`)
	})
	run := p.Run("test-", volume.PVC("ci")).FSGroup(tasks.Group)
	set := manifest.New(run, infra.NewPVC("ci", "20Gi"))
	// howto end
	return set
}

func secretInStep() *manifest.Set {
	p := builder.NewPipeline("upload")
	// howto secret-in-step
	token := p.Workspace("token")
	p.AddInline("upload", func(t *builder.Task) {
		secret := t.Workspace("token", token, builder.ReadOnly())
		t.Step("upload").Image("docker.io/curlimages/curl:8.22.0").
			Env("TOKEN_FILE", secret.PathValue()+"/token").
			Script(`printf 'header = "Authorization: Bearer %s"\n' "$(cat "$TOKEN_FILE")" |
  curl --fail --config - --upload-file /etc/os-release https://files.example.com/report`)
	})
	run := p.Run("upload-", token.Secret("upload-token"))
	set := manifest.New(run, infra.NewSecret("upload-token", "token"))
	// howto end
	return set
}
