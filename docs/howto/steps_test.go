package howto_test

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

func resources() *manifest.Set {
	p := builder.NewPipeline("build")
	src := p.Workspace("source")
	// howto resources
	test := builder.Add(p, "test", tasks.GoTest{Source: src})
	p.AddInline("train", func(t *builder.Task) {
		t.Step("train").Image("registry.example.com/trainer:3").
			Requests("1", "2Gi").Limits("", "4Gi").Command("train").
			Request("nvidia.com/gpu", "1").Limit("nvidia.com/gpu", "1")
	}).After(test)
	run := p.Run("build-", src.PVC("source")).FSGroup(tasks.Group).
		TaskRunSpec(test, builder.TaskRunSpec{CPU: "2", Memory: "4Gi"})
	// howto end
	return manifest.New(run, infra.NewPVC("source", "1Gi"))
}

func nonRoot() *manifest.Set {
	p := builder.NewPipeline("render")
	src := p.Workspace("source")
	// howto non-root
	p.AddInline("render", func(t *builder.Task) {
		out := t.Workspace("source", src)
		t.Step("render").Image("docker.io/library/busybox:1.37.0").
			SecurityContext(tasks.Unprivileged()).
			WorkingDir(out.PathValue()).Script("date > rendered.txt")
	})
	run := p.Run("render-", src.VolumeClaimTemplate("1Gi")).FSGroup(tasks.Group)
	// howto end
	return manifest.New(run)
}

// howto reuse-steps

// Verify clones a repository and tests it in one Pod.
type Verify struct {
	URL    builder.String
	Source builder.Workspace
}

// Verified is the output of Verify.
type Verified struct {
	*builder.PipelineTask
	Commit, Coverage builder.String
}

func (Verify) TaskName() string { return "verify" }

func (v Verify) Define(t *builder.Task) Verified {
	clone := builder.AddSteps(t, "clone", tasks.GitClone{URL: v.URL, Output: v.Source})
	test := builder.AddSteps(t, "test", tasks.GoTest{Source: clone.Source, Race: "true"})
	return Verified{t.PipelineTask(), clone.Commit, test.Coverage}
}

// howto end

func reuseSteps() *manifest.Set {
	p := builder.NewPipeline("verify")
	repo, src := p.Param("repo"), p.Workspace("source")
	verify := builder.Add(p, "verify", Verify{URL: repo, Source: src})
	p.Result("coverage", verify.Coverage)
	return manifest.New(p)
}

func cloneEach() *manifest.Set {
	// howto clone-each
	p := builder.NewPipeline("verify-all")
	repos, src := p.ArrayParam("repos"), p.Workspace("source")
	repo := builder.Axis("repo", repos)
	verify := builder.AddMatrix(p, "verify", Verify{URL: "https://git.example.com/" + repo + ".git", Source: src})
	verify.Retries(2)
	run := p.Run("verify-all-", repos.Set(builder.Strings("shop/cart", "shop/stock")), src.EmptyDir())
	// howto end
	return manifest.New(run)
}

// howto remote-tasks

// Golangci is the Task golangci-lint of a catalogue on Artifact Hub.
type Golangci struct {
	Source  builder.Workspace
	Package builder.String
}

func (Golangci) TaskName() string { return "golangci-lint" }

func (g Golangci) Define(t *builder.Task) *builder.PipelineTask {
	t.Workspace("source", g.Source)
	t.Param("package", g.Package)
	t.From(builder.Hub("golangci-lint", "0.2")) // or t.Existing(), for a Task in the namespace
	return t.PipelineTask()
}

// howto end

func remoteTasks() *manifest.Set {
	p := builder.NewPipeline("lint")
	src := p.Workspace("source")
	builder.Add(p, "lint", Golangci{Source: src, Package: "example.com/app"})
	return manifest.New(p)
}
