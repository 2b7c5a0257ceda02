// Start is the pipeline with which tekwright init begins: it clones a repository, runs the
// tests of its Go packages, and builds and pushes an image.
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

func system() *manifest.Set {
	p := builder.NewPipeline("build").Describe("clone, test, and build an image")
	repo, image, src, login := p.Param("repo"), p.Param("image"), p.Workspace("source"), p.Workspace("dockerconfig")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	build := builder.Add(p, "image", tasks.BuildKit{Source: clone.Source, Image: image + ":" + clone.Commit, DockerConfig: login})
	build.After(test)

	run := p.Run("build-1", repo.Set("https://git.example.com/app.git"), image.Set("registry.example.com/app"),
		src.VolumeClaimTemplate("1Gi"), login.Secret("registry")).FSGroup(tasks.Group)
	return manifest.New(run, infra.DockerConfig("registry")).Namespace("ci")
}
