package builder_test

import (
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Sourced is a task type with a definition from another source.
type Sourced struct {
	Text builder.String
	Dir  builder.Workspace
	from func(t *builder.Task)
	name string
}

type SourcedOut struct {
	*builder.PipelineTask
	Out builder.String
}

func (g Sourced) TaskName() string { return g.name }

func (g Sourced) Define(t *builder.Task) SourcedOut {
	t.Param("text", g.Text)
	t.Workspace("dir", g.Dir, builder.Optional())
	out := t.Result("out")
	g.from(t)
	return SourcedOut{t.PipelineTask(), out.Value()}
}

// elsewhere tests definitions from other sources.
func elsewhere() []manifest.Source {
	p := builder.NewPipeline("sources")
	text, dir := p.Param("text"), p.Workspace("dir")
	add := func(name string, r builder.Resolver) SourcedOut {
		return builder.Add(p, name, Sourced{Text: text, Dir: dir, name: name, from: func(t *builder.Task) { t.From(r) }})
	}
	git := add("git", builder.Git("https://example.com/tasks", text, "task/x.yaml").With("token", "git-token"))
	hub := builder.Add(p, "hub", Sourced{Text: git.Out, Dir: dir, name: "hub", from: func(t *builder.Task) { t.From(builder.Hub("x", "0.1")) }})
	hub.After(git)
	add("bundle", builder.Bundle("registry.local/bundle:1", "x").With("kind", "task")).After(hub)
	add("cluster", builder.Cluster("tasks", "x").With("kind", "task")).After(hub)
	add("http", builder.HTTP("https://example.com/x.yaml")).After(hub)

	p.AddInline("approve", func(t *builder.Task) {
		t.Param("text", text)
		t.Custom("example.dev/v1", "Approval")
	})
	p.AddInline("wait", func(t *builder.Task) {
		t.Param("text", git.Out)
		t.Custom("example.dev/v1", "Wait", map[string]any{"for": "1h", "who": []string{"a", "b"}})
	})
	yaml := builder.Add(p, "yaml", Sourced{Text: text, name: "body", from: func(t *builder.Task) {
		t.FromYAML([]byte(givenTask))
		t.Mutate(func(s *v1.TaskSpec) { s.Description = "changed" })
	}})
	builder.Add(p, "task", Sourced{Text: yaml.Out, name: "given", from: func(t *builder.Task) {
		t.FromTask(&v1.Task{
			ObjectMeta: metav1.ObjectMeta{Name: "given", Labels: map[string]string{"from": "struct"}},
			Spec: v1.TaskSpec{
				Params:     v1.ParamSpecs{{Name: "text"}},
				Results:    []v1.TaskResult{{Name: "out"}},
				Workspaces: []v1.WorkspaceDeclaration{{Name: "dir", Optional: true}},
				Steps:      []v1.Step{{Name: "s", Image: image, Script: "echo $(params.text) > $(results.out.path)"}},
			},
		})
	}}).Embed().Mutate(func(t *v1.PipelineTask) { t.Description = "by hand" })
	p.Mutate(func(p *v1.Pipeline) { p.Spec.DisplayName = "by hand" })
	return []manifest.Source{p}
}

// nested tests pipelines that run pipelines.
func nested() []manifest.Source {
	q := builder.NewPipeline("inner")
	key, list, at := q.Param("key"), q.ArrayParam("list"), q.ObjectParam("at", []string{"name", "mail"})
	dir := q.Workspace("dir")
	builder.Add(q, "conv", Conv{Key: key}).Embed()
	builder.Add(q, "join", Join{Items: list, About: at})
	builder.Add(q, "edit", Edit{Dir: dir})
	q.AddInline("do", func(t *builder.Task) { t.Step("s").Image(image).Env("K", t.Param("k", key)) })

	p := builder.NewPipeline("outer")
	repo, src := p.Param("repo"), p.Workspace("src")
	clone := builder.Add(p, "clone", Clone{URL: repo, Output: src})
	args := func(key builder.Arg) []builder.Arg {
		return []builder.Arg{key, list.Set(clone.Files), at.Set(clone.Author), dir.From(clone.Source.SubPath("x"))}
	}
	one := p.AddPipeline("one", q, args(key.Set(clone.Commit))...)
	p.AddPipeline("two", q, args(key.Set("literal"))...).After(one).Embed().When(repo.NotIn("")).DisplayName("two")
	p.AddPipeline("three", q, args(key.Set(""))...).After(one).Retries(1).Timeout(time.Hour)
	return []manifest.Source{p}
}

// runs tests PipelineRuns and TaskRuns.
func runs() []manifest.Source {
	p := builder.NewPipeline("runs")
	repo, flags, at := p.Param("repo"), p.ArrayParam("flags"), p.ObjectParam("at", []string{"host", "path"})
	spaces := make([]builder.Workspace, 7)
	for i, name := range []string{"template", "claim", "empty", "secret", "config", "projected", "csi"} {
		spaces[i] = p.Workspace(name)
	}
	clone := builder.Add(p, "clone", Clone{URL: repo, Flags: flags, Place: at, Output: spaces[0].SubPath("clone")})
	for i, w := range spaces[1:] {
		p.AddInline("read-"+strconv.Itoa(i), func(t *builder.Task) {
			t.Step("s").Image(image).WorkingDir(t.Workspace("w", w, builder.ReadOnly()).PathValue())
		})
	}
	args := []builder.Arg{
		repo.Set(""), flags.Set(builder.Strings("a", "b")), at.Set(builder.ObjectOf(map[string]builder.String{"host": "h", "path": "/"})),
		spaces[0].VolumeClaimTemplate("2048Mi").StorageClass("fast").AccessModes("ReadWriteMany"),
		spaces[1].PVC("data").SubPath("runs/x"),
		spaces[2].EmptyDir(),
		spaces[3].Secret("login"),
		spaces[4].ConfigMap("settings"),
		spaces[5].Bind(v1.WorkspaceBinding{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
			{Secret: &corev1.SecretProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "login"}}},
		}}}),
		spaces[6].Bind(v1.WorkspaceBinding{CSI: &corev1.CSIVolumeSource{Driver: "secrets.example.com"}}),
	}
	full := p.Run("runs-", args...).
		ServiceAccount("robot").Label("team", "ci").Annotate("example.com/why", "test").
		Timeouts(builder.Timeouts{Pipeline: 2 * time.Hour, Tasks: time.Hour, Finally: 30 * time.Minute}).
		Pod(pod.Template{NodeSelector: map[string]string{"pool": "ci"}}).
		TaskRunSpec(clone, builder.TaskRunSpec{
			ServiceAccount: "cloner", Timeout: time.Minute, CPU: "2", Memory: "4Gi",
			Pod: pod.Template{PriorityClassName: new("high")},
		}).
		Mutate(func(r *v1.PipelineRun) { r.Spec.ManagedBy = new("somebody") })
	embedded := p.Run("once", args...).Embed()

	src := builder.NewWorkspace("src")
	alone := builder.RunTask("clone-", Clone{URL: "https://example.com", Flags: builder.Strings("-q"), Output: src.SubPath("x")}, src.PVC("data").SubPath("y")).
		ServiceAccount("robot").Retries(1).Timeout(time.Hour).Requests("1", "1Gi").
		Pod(pod.Template{NodeSelector: map[string]string{"pool": "ci"}}).
		Mutate(func(r *v1.TaskRun) { r.Labels = map[string]string{"by": "hand"} })
	remote := builder.RunTask("remote", Remote{From: builder.Hub("x", "0.1")})
	return []manifest.Source{full, embedded, alone, remote, builder.Define(Edit{})}
}
