package howto_test

import (
	"time"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
)

func changedServices() *manifest.Set {
	// howto monorepo
	p := builder.NewPipeline("services")
	repo, commit, before, src := p.Param("repo"), p.Param("commit"), p.Param("before"), p.Workspace("source")
	changes := builder.Add(p, "changes", tasks.ChangedPaths{
		URL: repo, Revision: commit, Base: before,
		Directories: builder.Strings("services/*"), Shared: builder.Strings("go.mod", "lib"),
	})
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: commit, Output: src})
	clone.When(changes.Any.In("true"))
	builder.AddMatrix(p, "test", tasks.GoTest{Source: clone.Source, Directory: builder.Each(changes.Changed)})

	push := triggers.GitHubPush().Branches("main")
	run := p.Run("services-", repo.Set(push.CloneURL), commit.Set(push.SHA), before.Set(push.Before),
		src.VolumeClaimTemplate("1Gi")).ServiceAccount("services").FSGroup(tasks.Group)
	// howto end
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("services", push, run).Repositories("acme/shop")
	return manifest.New(listener, infra.ListenerRBAC(listener), infra.WebhookSecret("github-webhook", "token")).Namespace("ci")
}

func deployChanged() *manifest.Set {
	// howto deploy-changed
	services := func(name string, deploys bool) *builder.Pipeline {
		p := builder.NewPipeline(name)
		repo, commit, base, src := p.Param("repo"), p.Param("commit"), p.Param("base"), p.Workspace("source")
		clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: commit, Output: src})
		changes := builder.Add(p, "changes", tasks.ChangedPaths{
			URL: repo, Revision: commit, Base: base, Directories: builder.Strings("services/*"), Names: "true",
		})
		service := builder.Axis("service", changes.Changed)
		image := tasks.BuildKit{
			Source: clone.Source, Context: "services/" + service,
			Image: "registry.example.com/shop/" + service + ":" + commit,
		}
		if !deploys {
			image.Push = "false" // needs no login
			builder.AddMatrix(p, "images", image)
			return p
		}
		image.DockerConfig = p.Workspace("dockerconfig")
		images := builder.AddMatrix(p, "images", image)
		images.Retries(2)
		builder.AddMatrix(p, "deploy", tasks.KustomizeApply{
			Source: clone.Source, Path: "deploy/" + service, Namespace: "shop",
			Images:      images.Collect(func(i tasks.Image) builder.String { return i.Reference }),
			Rollout:     builder.Strings("all"),
			Permissions: tasks.ApplyRules("deployments", "services"),
		})
		return p
	}
	set := manifest.New(services("pull-request", false), services("deploy", true))
	// howto end
	return set
}

// howto matrix-over-result

// Shards decides which parts of the tests to run.
type Shards struct{}

// Sharded is the output of Shards.
type Sharded struct {
	*builder.PipelineTask
	Names builder.Array
}

func (Shards) TaskName() string { return "shards" }

func (Shards) Define(t *builder.Task) Sharded {
	names := t.ArrayResult("names")
	t.Step("list").Image("docker.io/library/busybox:1.37.0").
		Script(`printf '["unit", "api", "ui"]' > ` + names.Path())
	return Sharded{t.PipelineTask(), names.Value()}
}

// howto end

// TestShard runs one part of the tests.
type TestShard struct{ Name builder.String }

func (TestShard) TaskName() string { return "test-shard" }

func (s TestShard) Define(t *builder.Task) *builder.PipelineTask {
	name := t.Param("name", s.Name)
	t.Step("test").Image("registry.example.com/tester:3").Env("NAME", name).Script(`run-tests "$NAME"`)
	return t.PipelineTask()
}

func matrixOverResult() *manifest.Set {
	p := builder.NewPipeline("tests")
	// howto matrix-over-result
	shards := builder.Add(p, "shards", Shards{})
	test := builder.AddMatrix(p, "test", TestShard{Name: builder.Each(shards.Names)})
	test.Retries(1)
	// howto end
	return manifest.New(p)
}

// howto retry-then-continue

// Scan looks for known vulnerabilities.
type Scan struct{ Image builder.String }

// Scanned is the output of Scan.
type Scanned struct {
	*builder.PipelineTask
	Severity builder.String
}

func (Scan) TaskName() string { return "scan" }

func (s Scan) Define(t *builder.Task) Scanned {
	image, severity := t.Param("image", s.Image), t.Result("severity")
	t.Step("scan").Image("registry.example.com/scanner:3").Env("IMAGE", image).
		Script(`scan "$IMAGE" > ` + severity.Path())
	return Scanned{t.PipelineTask(), severity.Value()}
}

// howto end

func retryThenContinue() *manifest.Set {
	p := builder.NewPipeline("release")
	image := p.Param("image")
	// howto retry-then-continue
	scan := builder.Add(p, "scan", Scan{Image: image})
	scan.Retries(2).Fallback(scan.Severity.Set("unknown"))
	p.AddInline("report", func(t *builder.Task) {
		t.Step("report").Image("docker.io/library/busybox:1.37.0").
			Env("SEVERITY", t.Param("severity", scan.Severity)).Script(`echo "worst finding: $SEVERITY"`)
	})
	item := builder.Axis("item", p.ArrayParam("others"))
	others := builder.AddMatrix(p, "scan-others", Scan{Image: item})
	others.FallbackOf(func(s Scanned) []builder.Arg { return []builder.Arg{s.Severity.Set(item + ": unknown")} })
	// howto end
	return manifest.New(p)
}

func cleanup() *manifest.Set {
	p := builder.NewPipeline("preview")
	name := p.Param("name")
	test := builder.Add(p, "test", TestShard{Name: name})
	// howto cleanup
	p.AddFinallyInline("delete", func(t *builder.Task) {
		t.Step("delete").Image("registry.example.com/tools:3").
			Env("NAME", t.Param("name", name)).Script(`delete-preview "$NAME"`)
	})
	p.AddFinallyInline("alert", func(t *builder.Task) {
		t.Step("alert").Image("registry.example.com/tools:3").
			Env("STATUS", t.Param("status", test.Status().Value())).Script(`alert "the test: $STATUS"`)
	}).When(test.Status().In(builder.Failed))
	// howto end
	return manifest.New(p)
}

func approval() *manifest.Set {
	p := builder.NewPipeline("release")
	src := p.Workspace("source")
	test := builder.Add(p, "test", tasks.GoTest{Source: src})
	deploy := tasks.KubectlApply{Source: src, Path: "deploy", Namespace: "shop"}
	// howto approval
	gate := builder.Add(p, "approval", tasks.Approval{
		Approvers: builder.Strings("alice", "group:release-managers"), Required: "1",
		Description: "Deploy " + builder.RunName,
	})
	test.Timeout(20 * time.Minute)
	gate.After(test).Timeout(24 * time.Hour)
	builder.Add(p, "deploy", deploy).After(gate).Timeout(30 * time.Minute)

	run := p.Run("release-", src.PVC("source")).ServiceAccount("release").FSGroup(tasks.Group).
		Timeouts(builder.Timeouts{Pipeline: 25 * time.Hour})
	set := manifest.New(run, infra.RunRBAC(run),
		infra.NewRole("approvers", "", tasks.ApproverRules()...).BindGroups("release-managers").BindUsers("alice")).Namespace("ci")
	// howto end
	return set.Add(infra.NewPVC("source", "1Gi"))
}

func timeouts() *manifest.Set {
	p := builder.NewPipeline("release")
	src := p.Workspace("source")
	// howto timeouts
	test := builder.Add(p, "test", tasks.GoTest{Source: src})
	test.Timeout(20 * time.Minute).Retries(1)
	run := p.Run("release-", src.PVC("source")).FSGroup(tasks.Group).Timeouts(builder.Timeouts{
		Pipeline: time.Hour, Tasks: 50 * time.Minute, Finally: 10 * time.Minute,
	})
	// howto end
	p.AddFinallyInline("report", func(t *builder.Task) {
		t.Step("report").Image("docker.io/library/busybox:1.37.0").Script("echo done")
	})
	return manifest.New(run, infra.NewPVC("source", "1Gi"))
}

func whenResult() *manifest.Set {
	p := builder.NewPipeline("release")
	image, branch := p.Param("image"), p.Param("branch")
	// howto when-result
	scan := builder.Add(p, "scan", Scan{Image: image})
	p.AddInline("publish", func(t *builder.Task) {
		t.Step("publish").Image("registry.example.com/tools:3").Script("publish")
	}).When(scan.Severity.NotIn("high", "critical"), branch.In("main"))
	// howto end
	return manifest.New(p)
}
