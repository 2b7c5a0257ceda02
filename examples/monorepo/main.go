// Monorepo is the *monorepo* system: one repository with three services, whose runs
// Pipelines-as-Code starts from the folder .tekton.
//
//   - A pull request to main tests the services that it changes. The runs have no Secret
//     but the one for the clone, which Pipelines-as-Code makes for each run.
//   - A push to main tests the services that it changes, and builds their images.
//   - A tag v* builds the images of all services with this tag.
//   - The comment /preview builds those of a pull request. Pipelines-as-Code decides who
//     may write it: the teams in the policy of the Repository.
//
// Changes of Markdown alone start nothing. The folder manifests has what a cluster needs:
// the namespace and the Repository. The Secret registry-auth is only declared.
package main

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
	"github.com/tekwright/tekwright/pkg/tasks"
)

//go:generate go run . -o manifests -pac .tekton

func main() { generate.Main(system()) }

// services are the directories below services/. All of them use what is below libs/.
var services = []string{"cart", "catalog", "checkout"}

func system() *manifest.Set {
	shop := pac.NewRepository("shop", "https://github.com/acme/shop").Settings(v1alpha1.Settings{
		Policy: &v1alpha1.Policy{PullRequest: []string{"developers"}, OkToTest: []string{"developers"}},
	})
	registry := shop.Param("registry", "registry.example.com/shop")

	test, build := newPipeline("test", false), newPipeline("build", true)
	for _, service := range services {
		paths := []string{"services/" + service + "/**", "libs/**"}
		shop.Run(test.run("test-"+service, service, "", "")).CancelInProgress(true).MaxKeepRuns(5).
			On(pac.PullRequest().Targets("main").Paths(paths...).IgnorePaths("**.md"))
		shop.Run(build.run("build-"+service, service, registry, pac.ShortRevision)).MaxKeepRuns(5).
			On(pac.Push().Branches("main").Paths(paths...).IgnorePaths("**.md"))
		shop.Run(build.run("release-"+service, service, registry, pac.GitTag)).On(pac.Tag("v*"))
		shop.Run(build.run("preview-"+service, service, registry, "pr-"+pac.PullRequestNumber)).On(pac.Comment(`^/preview$`))
	}
	return manifest.New(infra.NewNamespace("shop-ci"), infra.DockerConfig("registry-auth"), shop).Namespace("shop-ci").PaC(shop.Runs())
}

// pipeline tests one service, and may build its image.
type pipeline struct {
	*builder.Pipeline
	repo, revision, service, image builder.String
	source, git, login             builder.Workspace
	builds                         bool
}

func newPipeline(name string, builds bool) *pipeline {
	p := &pipeline{Pipeline: builder.NewPipeline(name).Describe(name + " one service of the shop"), builds: builds}
	p.repo, p.revision, p.service = p.Param("repo"), p.Param("revision"), p.Param("service")
	p.source, p.git = p.Workspace("source"), p.Workspace("basic-auth")
	clone := builder.Add(p.Pipeline, "clone", tasks.GitClone{URL: p.repo, Revision: p.revision, Output: p.source, BasicAuth: p.git})
	tested := builder.Add(p.Pipeline, "test", tasks.GoTest{Source: clone.Source, Directory: "services/" + p.service})
	if builds {
		p.image, p.login = p.Param("image"), p.Workspace("dockerconfig")
		builder.Add(p.Pipeline, "image", tasks.BuildKit{
			Source: clone.Source, Context: "services/" + p.service, Image: p.image, DockerConfig: p.login,
		}).After(tested)
	}
	return p
}

// run returns a run for a service. The registry and the tag are those of its image.
func (p *pipeline) run(name, service string, registry, tag builder.String) *builder.PipelineRun {
	args := []builder.Arg{
		p.repo.Set(pac.SourceURL), p.revision.Set(pac.Revision), p.service.Set(builder.String(service)),
		p.source.VolumeClaimTemplate("1Gi"), p.git.Secret(pac.GitAuthSecret),
	}
	if p.builds {
		args = append(args, p.image.Set(registry+"/"+builder.String(service)+":"+tag), p.login.Secret("registry-auth"))
	}
	return p.Run(builder.String(name), args...).FSGroup(tasks.Group)
}
