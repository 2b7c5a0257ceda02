package builder_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// The output of the builder for every feature is in testdata/model, one file for
// each part.

// model is a part of the features, as sources of a set.
type model func() []manifest.Source

var models = map[string]model{
	"values": values, "flow": flow, "sources": elsewhere, "nested": nested, "steps": steps, "runs": runs,
}

func render(t *testing.T, m model) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, manifest.New(m()...).Write(&b))
	return b.Bytes()
}

func TestModel(t *testing.T) {
	for name, m := range models {
		t.Run(name, func(t *testing.T) {
			golden.YAML(t, "testdata/model/"+name+".yaml", render(t, m))
		})
	}
}

// TestModelAgain writes a description twice, and concurrently.
func TestModelAgain(t *testing.T) {
	for name, m := range models {
		t.Run(name, func(t *testing.T) {
			sources := m()
			write := func() string {
				var b bytes.Buffer
				assert.NoError(t, manifest.New(sources...).Write(&b))
				return b.String()
			}
			want := write()
			assert.Equal(t, want, write())
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					assert.Equal(t, want, write())
					for _, s := range sources {
						if p, ok := s.(*builder.Pipeline); ok {
							assert.NoError(t, p.Build())
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// values tests params, results and values made of them.
func values() []manifest.Source {
	p := builder.NewPipeline("values").
		Describe("params and results of every type").DisplayName("Values").
		Label("team", "ci").Annotate("example.com/doc", "https://example.com")
	repo := p.Param("repo", builder.Describe("what to clone"))
	level := p.Param("level", builder.Default("info"), builder.Enum("debug", "info"))
	empty := p.Param("empty", builder.Default(""))
	dotted := p.Param("a.b", builder.Default("dots"))
	flags := p.ArrayParam("flags", builder.Describe("flags of git"))
	more := p.ArrayParam("more", builder.DefaultArray("x", "y"))
	none := p.ArrayParam("none", builder.DefaultArray())
	place := p.ObjectParam("place", []string{"host", "path"},
		builder.DefaultObject(map[string]string{"host": "h", "path": "/"}))
	src := p.Workspace("src", builder.Describe("holds the source"))
	clone := builder.Add(p, "clone", Clone{
		URL: repo + "/" + dotted + "?" + empty, Ref: "v" + level, Flags: builder.Strings("-q", flags.All(), more.At(0)),
		Place: place, Output: src,
	})
	builder.Add(p, "explicit", Clone{
		URL: builder.Empty, Flags: builder.Strings(), Output: clone.Source.SubPath("sub/" + level),
		Place: builder.ObjectOf(map[string]builder.String{"host": place.Key("host"), "path": builder.Empty}),
	})
	join := builder.Add(p, "join", Join{Items: clone.Files, About: clone.Author})
	builder.Add(p, "pick", Pair{Left: clone.Files.At(1), Right: clone.Author.Key("name")})
	builder.Add(p, "raw", Pair{Left: "$(context.pipelineRun.name)", Right: builder.RunUID + builder.RunNamespace})
	builder.Add(p, "list", Join{Items: none})
	p.Result("commit", clone.Commit, builder.Describe("what was cloned"))
	p.Result("joined", join.Text+" and "+clone.Commit)
	p.ArrayResult("files", clone.Files)
	p.ArrayResult("some", builder.Strings(clone.Files.At(0), clone.Commit))
	p.ObjectResult("author", clone.Author)
	p.ObjectResult("parts", builder.ObjectOf(map[string]builder.String{"mail": clone.Author.Key("mail"), "commit": clone.Commit}))
	return []manifest.Source{p}
}

// flow tests order, when expressions, matrices and finally tasks.
func flow() []manifest.Source {
	p := builder.NewPipeline("flow")
	env := p.Param("env")
	archs, systems := p.ArrayParam("archs"), p.ArrayParam("systems")
	first := builder.Add(p, "first", Conv{Key: env})
	first.Timeout(90 * time.Second).ContinueOnError().DisplayName("first in " + string(env))
	builder.Add(p, "guarded", Conv{Key: first.Part}).
		When(env.In("prod", "stage"), env.NotIn(archs.All()), builder.CEL("'"+first.Part+"' != ''")).Timeout(0).Retries(2)
	fan := builder.AddMatrix(p, "fan", Convert{Arch: builder.Each(archs), OS: builder.Each(systems)}).
		Include("arm", Convert{Arch: "arm64", OS: "linux"}).
		Include("extra", Convert{OS: "plan9", Env: first.Part})
	fan.Retries(1)
	fixed := builder.AddMatrix(p, "fixed", Conv{Key: builder.Each(builder.Strings("a", env))})
	parts := fan.Collect(func(c Converted) builder.String { return c.Part })
	builder.Add(p, "join", Join{Items: parts}).After(fixed)
	builder.Add(p, "count", Conv{Key: fan.Length() + " of " + fan.Length()})
	again := builder.AddMatrix(p, "again", Conv{Key: builder.Each(parts)})
	converted := again.Collect(func(c ConvOut) builder.String { return c.Part })
	p.ArrayResult("parts", converted)
	builder.Add(p, "read", Join{Items: converted})

	builder.AddFinally(p, "always", Pair{Left: p.Status().Value(), Right: first.Status().Value() + first.Reason().Value()})
	builder.AddFinally(p, "rollback", Conv{Key: first.Part}).
		When(first.Status().In(builder.Failed), first.Reason().NotIn("TaskRunCancelled"), p.Status().NotIn(builder.Succeeded, builder.Completed), env.In("prod")).
		Retries(1).Timeout(time.Minute).DisplayName("roll back").
		Publish("rolled-back", func(c ConvOut) builder.String { return c.Part }, builder.Describe("what came of it"))
	return []manifest.Source{p}
}

// Convert has two inputs for axes.
type Convert struct{ Arch, OS, Env builder.String }

type Converted struct {
	*builder.PipelineTask
	Part builder.String
}

func (Convert) TaskName() string { return "convert" }

func (c Convert) Define(t *builder.Task) Converted {
	part := t.Result("part")
	t.Step("convert").Image(image).
		Env("ARCH", t.Param("arch", c.Arch)).Env("OS", t.Param("os", c.OS)).Env("ENV", t.Param("env", c.Env, builder.Default("test"))).
		Script("convert > " + part.Path())
	return Converted{t.PipelineTask(), part.Value()}
}

// steps tests steps, sidecars and volumes.
func steps() []manifest.Source {
	p := builder.NewPipeline("steps")
	repo, flags := p.Param("repo"), p.ArrayParam("flags")
	src, cache := p.Workspace("src"), p.Workspace("cache", builder.Optional())
	p.AddInline("all", func(t *builder.Task) {
		t.Describe("everything in one task").Label("kind", "odd").Annotate("example.com/x", "y")
		url, list := t.Param("url", repo), t.ArrayParam("list", flags)
		dir := t.Workspace("dir", src, builder.Describe("the source"), builder.MountPath("/src/"))
		store := t.Workspace("store", cache.SubPath("a").SubPath("b"), builder.Optional(), builder.Concurrent())
		tmp := t.EmptyDir("tmp")
		certs := t.Volume(corev1.Volume{Name: "certs", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "certs"}}})
		t.StepTemplate().Image(image).Env("HOME", "/tmp").Requests("100m", "64Mi").Mount(tmp, "/tmp")

		login := builder.AddStepAction(t, "login", Agent{Key: url})
		login.When(url.NotIn("", "none")).Timeout(time.Minute)
		far := builder.AddStepAction(t, "far", FarAction{Key: login.Token, List: list})
		s := t.Step("main").Image(image).
			Env("URL", url).Env("TOKEN", login.Token).Env("NAME", builder.TaskRunName).
			EnvSecret("PASSWORD", "secret", "key").EnvConfigMap("MODE", "settings", "mode").
			EnvSource("NODE", corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "spec.nodeName"}}).
			EnvFrom(corev1.EnvFromSource{Prefix: "X_", ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "all"}}}).
			WorkingDir(dir.PathValue()).Requests("1", "").Requests("", "1Gi").Limits("2", "2Gi").
			SecurityContext(corev1.SecurityContext{RunAsNonRoot: new(true)}).
			Mount(certs, "/certs").Isolate(store, "/store").
			Timeout(10*time.Minute).ContinueOnError().Stdout("/tmp/out").Stderr("/tmp/err").
			Args(list.All(), "--last", list.At(0)).
			Mutate(func(s *v1.Step) { s.ImagePullPolicy = corev1.PullAlways })
		sum := s.Result("sum", builder.Describe("of the files"))
		s.Script("#!/usr/bin/env bash\nset -eu\n\ttest \"$BOUND\" = true\nsum \"$@\" > " + sum.Path() + "\n")
		s.Env("BOUND", store.Bound())
		total := t.Result("total", builder.FromStep(sum), builder.Describe("the sum"))
		t.ArrayResult("list")
		t.ObjectResult("info", []string{"a", "b"})
		t.Step("last").Command("sh", "-c").Args("echo $(steps.main.results.sum)", far.Text, total.PathValue())

		t.Sidecar("daemon").Image("registry.local/daemon:2").Command("serve").Args("--all", url).
			Env("DIR", dir.PathValue()).Requests("1", "1Gi").Privileged().Mount(tmp, "/tmp").
			Port("api", 2376).Port("metrics", 9000).
			Ready(corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(2376)}}}).
			Mutate(func(s *v1.Sidecar) { s.ImagePullPolicy = corev1.PullAlways })
		t.Sidecar("proxy").Image("registry.local/proxy:2").Script("proxy").
			SecurityContext(corev1.SecurityContext{RunAsUser: new(int64(1000))})
		t.Mutate(func(s *v1.TaskSpec) { s.DisplayName = "All" })
	})
	return []manifest.Source{p}
}

// FarAction is a remote StepAction.
type FarAction struct {
	Key  builder.TaskString
	List builder.TaskArray
}

type FarOut struct {
	*builder.Step
	Text builder.TaskString
}

func (FarAction) StepActionName() string { return "far" }

func (f FarAction) Define(a *builder.StepAction) FarOut {
	a.Param("key", f.Key)
	a.ArrayParam("list", f.List)
	text := a.Result("text")
	a.From(builder.Git("https://example.com/actions", "v1", "far.yaml"))
	return FarOut{a.Step(), text.Value()}
}
