package builder_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Signed is a task type whose steps are described elsewhere.
type Signed struct {
	URL, Depth builder.String
	Flags      builder.Array
	At         builder.Object
	Output     builder.Workspace
	Cache      builder.Workspace
	from       func(t *builder.Task)
}

type SignedOut struct {
	*builder.PipelineTask
	Commit builder.String
	Files  builder.Array
	Output builder.Workspace
}

func (Signed) TaskName() string { return "signed" }

func (g Signed) Define(t *builder.Task) SignedOut {
	t.Param("url", g.URL)
	t.Param("depth", g.Depth, builder.Default("1"))
	t.ArrayParam("flags", g.Flags, builder.DefaultArray())
	t.ObjectParam("at", g.At, []string{"name", "mail"}, builder.DefaultObject(map[string]string{"name": "a"}))
	out := t.Workspace("output", g.Output)
	t.Workspace("cache", g.Cache, builder.Optional())
	commit, files := t.Result("commit"), t.ArrayResult("files")
	g.from(t)
	return SignedOut{t.PipelineTask(), commit.Value(), files.Value(), out.Value()}
}

// homes are where the definition of a task can be, other than in Define.
var homes = map[string]func(t *builder.Task){
	"existing": func(t *builder.Task) { t.Existing() },
	"git":      func(t *builder.Task) { t.From(builder.Git("https://example.com/a.git", "main", "a.yaml")) },
	"bundle":   func(t *builder.Task) { t.From(builder.Bundle("registry.local/a:1", "a")) },
	"cluster":  func(t *builder.Task) { t.From(builder.Cluster("tasks", "a")) },
	"own":      func(t *builder.Task) { t.From(builder.NewResolver("own").With("path", "a")) },
}

// codesOf returns the codes of the findings in an error, nil if there are none.
func codesOf(t *testing.T, err error) []string {
	t.Helper()
	var out []string
	for _, f := range findings(t, err) {
		out = append(out, f.Code)
	}
	return out
}

// errorCodes returns the codes of the errors.
func errorCodes(found diag.Findings) []string {
	out := []string{}
	for _, f := range found {
		if f.Severity == diag.Error {
			out = append(out, f.Code)
		}
	}
	return out
}

// TestContracts tests that what Define declares for a task that is described elsewhere is
// checked as that of a task with steps.
func TestContracts(t *testing.T) {
	for name, c := range map[string]struct {
		use  func(p *builder.Pipeline, g Signed)
		want []string
	}{
		"all": {func(p *builder.Pipeline, g Signed) {
			g.Depth, g.Flags, g.Cache = "2", builder.Strings("-q"), p.Workspace("cache")
			g.At = builder.ObjectOf(map[string]builder.String{"name": "n", "mail": "m"})
			builder.Add(p, "a", g)
		}, []string{}},
		"required only": {func(p *builder.Pipeline, g Signed) {
			g.At = builder.ObjectOf(map[string]builder.String{"mail": "m"})
			builder.Add(p, "a", g)
		}, []string{}},
		"results": {func(p *builder.Pipeline, g Signed) {
			g.At = builder.ObjectOf(map[string]builder.String{"mail": "m"})
			a := builder.Add(p, "a", g)
			p.Result("commit", a.Commit)
			p.ArrayResult("files", a.Files)
		}, []string{}},
		"a result as text that is not declared": {func(p *builder.Pipeline, g Signed) {
			g.At = builder.ObjectOf(map[string]builder.String{"mail": "m"})
			builder.Add(p, "a", g)
			p.Result("commit", "$(tasks.a.results.other)")
		}, []string{}},
		"no param": {func(p *builder.Pipeline, g Signed) {
			g.URL, g.At = "", builder.ObjectOf(map[string]builder.String{"mail": "m"})
			builder.Add(p, "a", g)
		}, []string{"param-missing"}},
		"no workspace": {func(p *builder.Pipeline, g Signed) {
			g.Output, g.At = builder.Workspace{}, builder.ObjectOf(map[string]builder.String{"mail": "m"})
			builder.Add(p, "a", g)
		}, []string{"workspace-missing"}},
		"a key is missing": {func(p *builder.Pipeline, g Signed) {
			g.At = builder.ObjectOf(map[string]builder.String{"name": "n"})
			builder.Add(p, "a", g)
		}, []string{"key-missing"}},
		"a wrong type": {func(p *builder.Pipeline, g Signed) {
			g.At = builder.ObjectOf(map[string]builder.String{"mail": "m"})
			builder.Add(p, "a", g).Mutate(func(t *v1.PipelineTask) {
				t.Params[0].Value = *v1.NewStructuredValues("a", "b")
			})
		}, []string{"param-type"}},
		"finally": {func(p *builder.Pipeline, g Signed) {
			g.URL, g.At = "", builder.ObjectOf(map[string]builder.String{"mail": "m"})
			builder.Add(p, "b", Remote{From: builder.NewResolver("own")})
			builder.AddFinally(p, "a", g)
		}, []string{"param-missing"}},
		"matrix": {func(p *builder.Pipeline, g Signed) {
			g.URL, g.At = builder.Each(builder.Strings("a", "b")), builder.ObjectOf(map[string]builder.String{"mail": "m"})
			builder.AddMatrix(p, "a", g)
		}, []string{}},
		"a mutated field": {func(p *builder.Pipeline, g Signed) {
			g.At = builder.ObjectOf(map[string]builder.String{"mail": "m"})
			builder.Add(p, "a", g).Mutate(func(t *v1.PipelineTask) {
				t.Params = append(t.Params, v1.Param{Name: "more", Value: *v1.NewStructuredValues("x")})
			})
		}, []string{}},
	} {
		for home, from := range homes {
			t.Run(name+"/"+home, func(t *testing.T) {
				p := builder.NewPipeline("p")
				c.use(p, Signed{URL: "https://example.com", Output: p.Workspace("output"), from: from})
				var found diag.Findings
				for _, f := range p.Findings() {
					if f.Code != "workspace-unused" {
						found = append(found, f)
					}
				}
				assert.Equal(t, c.want, errorCodes(found), "%v", found)
				for _, f := range found {
					if f.Code == "param-missing" {
						assert.Equal(t, "set URL in builder_test.Signed", f.Help)
					}
					assert.NotEqual(t, "task-external", f.Code)
					assert.NotEqual(t, "param-extra", f.Code)
				}
				objects, err := p.Objects()
				require.NoError(t, err)
				assert.Len(t, objects, 1, "nothing but the Pipeline is written")
			})
		}
	}
}

// TestExistingIsKnown tests that a set that is complete does not miss what exists in the
// cluster, and that it prefers a Task of its own.
func TestExistingIsKnown(t *testing.T) {
	complete := check.Profile{Complete: true}
	use := func(g Signed) *builder.Pipeline {
		p := builder.NewPipeline("p")
		g.At = builder.ObjectOf(map[string]builder.String{"mail": "m"})
		g.URL, g.Output, g.from = "u", p.Workspace("output"), homes["existing"]
		builder.Add(p, "a", g)
		return p
	}
	assert.NoError(t, manifest.New(use(Signed{})).Profile(complete).Build())
	assert.NoError(t, manifest.New(use(Signed{})).Namespace("ci").Profile(complete).Build())

	own, err := manifest.Read(strings.NewReader(`
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: signed}
spec:
  params: [{name: address}]
  workspaces: [{name: output}]
  steps: [{name: s, image: "registry.local/a:1", script: "echo $(params.address)"}]
`), "task.yaml")
	require.NoError(t, err)
	err = manifest.New(use(Signed{}), own).Build()
	assert.ErrorContains(t, err, `does not set param "address"`)

	run := builder.RunTask("r", Signed{from: homes["existing"]})
	assert.Equal(t, []string{"param-missing", "workspace-missing"}, codesOf(t, run.Build()))
}

// Helper is a StepAction that is described elsewhere.
type Helper struct {
	Text  builder.TaskString
	Items builder.TaskArray
	from  func(a *builder.StepAction)
}

type HelperOut struct {
	*builder.Step
	Sum builder.TaskString
}

func (Helper) StepActionName() string { return "helper" }

func (h Helper) Define(a *builder.StepAction) HelperOut {
	a.Param("text", h.Text)
	a.ArrayParam("items", h.Items, builder.DefaultArray("x"))
	sum := a.Result("sum")
	h.from(a)
	return HelperOut{a.Step(), sum.Value()}
}

// TestStepActionsElsewhere tests StepActions in the cluster and those that a resolver
// fetches, whose params may be inputs of the task.
func TestStepActionsElsewhere(t *testing.T) {
	for home, from := range map[string]func(rev builder.TaskString) func(*builder.StepAction){
		"existing": func(builder.TaskString) func(*builder.StepAction) {
			return func(a *builder.StepAction) { a.Existing() }
		},
		"git": func(rev builder.TaskString) func(*builder.StepAction) {
			return func(a *builder.StepAction) {
				a.From(builder.Git("https://example.com/a.git", "main", "a.yaml").WithTaskString("revision", rev))
			}
		},
	} {
		for name, text := range map[string]builder.TaskString{"set": "x", "unset": ""} {
			t.Run(home+"/"+name, func(t *testing.T) {
				p := builder.NewPipeline("p")
				p.AddInline("t", func(task *builder.Task) {
					rev := task.Param("rev", "v1")
					h := builder.AddStepAction(task, "help", Helper{Text: text, from: from(rev)})
					task.Step("show").Image(image).Env("SUM", h.Sum).Env("REV", rev).Script(`echo "$SUM"`)
				})
				found := p.Findings()
				want := []string{}
				if name == "unset" {
					want = append(want, "param-missing")
				}
				assert.Equal(t, want, errorCodes(found), "%v", found)
				if name == "unset" {
					assert.Equal(t, `set the field of builder_test.Helper for param "text"`, found[0].Help)
					return
				}
				objects, err := p.Objects()
				require.NoError(t, err)
				require.Len(t, objects, 1)
				ref := objects[0].Object.(*v1.Pipeline).Spec.Tasks[0].TaskSpec.Steps[0].Ref
				if home == "existing" {
					assert.Equal(t, "helper", ref.Name)
					return
				}
				assert.Empty(t, ref.Name)
				assert.Equal(t, "$(params.rev)", ref.Params[len(ref.Params)-1].Value.StringVal)
			})
		}
	}
	t.Run("a value of the pipeline", func(t *testing.T) {
		p := builder.NewPipeline("p")
		rev := p.Param("rev")
		p.AddInline("t", func(task *builder.Task) {
			builder.AddStepAction(task, "help", Helper{Text: "x", from: func(a *builder.StepAction) {
				a.From(builder.Git("https://example.com/a.git", rev, "a.yaml"))
			}})
		})
		assert.Contains(t, codesOf(t, p.Build()), "scope-mixed")
	})
}

// TestResolvers tests resolvers of any name, and params that are no strings.
func TestResolvers(t *testing.T) {
	p := builder.NewPipeline("p")
	rev, list := p.Param("rev"), p.ArrayParam("list")
	from := builder.NewResolver("own").With("path", "tasks/"+rev).With("left-out", "").WithArray("labels", builder.Strings("a", list.All())).
		WithObject("at", builder.ObjectOf(map[string]builder.String{"rev": rev}))
	builder.Add(p, "a", Remote{From: from})
	require.NoError(t, p.Build())
	objects, err := p.Objects()
	require.NoError(t, err)
	ref := objects[len(objects)-1].Object.(*v1.Pipeline).Spec.Tasks[0].TaskRef
	assert.Equal(t, v1.ResolverRef{Resolver: "own", Params: v1.Params{
		{Name: "path", Value: *v1.NewStructuredValues("tasks/$(params.rev)")},
		{Name: "labels", Value: *v1.NewStructuredValues("a", "$(params.list[*])")},
		{Name: "at", Value: *v1.NewObject(map[string]string{"rev": "$(params.rev)"})},
	}}, ref.ResolverRef)

	other := builder.NewPipeline("other")
	for _, bad := range []builder.Resolver{
		builder.NewResolver("own").WithArray("a", builder.Strings(other.Param("x"))),
		builder.NewResolver("own").WithObject("a", builder.ObjectOf(map[string]builder.String{"k": other.Param("x")})),
	} {
		p := builder.NewPipeline("p")
		builder.Add(p, "a", Remote{From: bad})
		assert.Equal(t, []string{"handle-foreign"}, codesOf(t, p.Build()))
	}
}

// TestPipelinesElsewhere tests runs and nested uses of pipelines that are not described
// here.
func TestPipelinesElsewhere(t *testing.T) {
	for home, make := range map[string]func() *builder.Pipeline{
		"existing": func() *builder.Pipeline { return builder.ExistingPipeline("release") },
		"git": func() *builder.Pipeline {
			return builder.RemotePipeline(builder.Git("https://example.com/ci.git", "main", "release.yaml"))
		},
		"bundle": func() *builder.Pipeline {
			return builder.RemotePipeline(builder.Bundle("registry.local/a:1", "release"))
		},
	} {
		for name, c := range map[string]struct {
			use  func(q *builder.Pipeline, version builder.String, src builder.Workspace) interface{ Build() error }
			want []string
		}{
			"run": {func(q *builder.Pipeline, version builder.String, src builder.Workspace) interface{ Build() error } {
				return q.Run("r-", version.Set("1"), src.EmptyDir())
			}, nil},
			"a run without a param": {func(q *builder.Pipeline, _ builder.String, src builder.Workspace) interface{ Build() error } {
				return q.Run("r-", src.EmptyDir())
			}, []string{"param-missing"}},
			"a run without a workspace": {func(q *builder.Pipeline, version builder.String, _ builder.Workspace) interface{ Build() error } {
				return q.Run("r-", version.Set("1"))
			}, []string{"workspace-missing"}},
			"an embedded one": {func(q *builder.Pipeline, version builder.String, src builder.Workspace) interface{ Build() error } {
				return q.Run("r-", version.Set("1"), src.EmptyDir()).Embed()
			}, []string{"pipeline-invalid"}},
			"nested": {func(q *builder.Pipeline, version builder.String, src builder.Workspace) interface{ Build() error } {
				p := builder.NewPipeline("outer")
				p.AddPipeline("inner", q, version.Set("1"), src.From(p.Workspace("w")))
				return p
			}, nil},
			"nested in finally": {func(q *builder.Pipeline, version builder.String, src builder.Workspace) interface{ Build() error } {
				p := builder.NewPipeline("outer")
				builder.Add(p, "b", Remote{From: builder.NewResolver("own")})
				p.AddFinallyPipeline("inner", q, version.Set("1"), src.From(p.Workspace("w")))
				return p
			}, nil},
			"nested without a param": {func(q *builder.Pipeline, _ builder.String, src builder.Workspace) interface{ Build() error } {
				p := builder.NewPipeline("outer")
				p.AddPipeline("inner", q, src.From(p.Workspace("w")))
				return p
			}, []string{"param-missing"}},
			"nested without a workspace": {func(q *builder.Pipeline, version builder.String, _ builder.Workspace) interface{ Build() error } {
				p := builder.NewPipeline("outer")
				p.AddPipeline("inner", q, version.Set("1"))
				return p
			}, []string{"workspace-missing"}},
			"nested and embedded": {func(q *builder.Pipeline, version builder.String, src builder.Workspace) interface{ Build() error } {
				p := builder.NewPipeline("outer")
				p.AddPipeline("inner", q, version.Set("1"), src.From(p.Workspace("w"))).Embed()
				return p
			}, []string{"pipeline-invalid"}},
			"with tasks": {func(q *builder.Pipeline, _ builder.String, _ builder.Workspace) interface{ Build() error } {
				builder.Add(q, "a", Conv{Key: "k"})
				builder.AddFinally(q, "b", Conv{Key: "k"})
				q.Result("r", "x")
				q.Mutate(func(*v1.Pipeline) {})
				return q
			}, []string{"pipeline-invalid", "pipeline-invalid", "pipeline-invalid", "pipeline-invalid"}},
		} {
			t.Run(home+"/"+name, func(t *testing.T) {
				q := make()
				version, src := q.Param("version"), q.Workspace("src")
				q.Param("channel", builder.Default("stable"))
				assert.Equal(t, c.want, codesOf(t, c.use(q, version, src).Build()))
			})
		}
	}
	q := builder.RemotePipeline(builder.Bundle("registry.local/a:1", "release"))
	run, err := q.Run("r-", q.Param("version").Set("1")).PipelineRun()
	require.NoError(t, err)
	assert.Equal(t, v1.Param{Name: "kind", Value: *v1.NewStructuredValues("pipeline")}, run.Spec.PipelineRef.Params[2])
	objects, err := builder.ExistingPipeline("x").Objects()
	require.NoError(t, err)
	assert.Empty(t, objects)
	embedded, err := q.Run("r-").Embed().Objects()
	require.Error(t, err)
	assert.Len(t, embedded, 1)
	assert.NoError(t, manifest.New(builder.ExistingPipeline("x").Run("r-")).Profile(check.Profile{Complete: true}).Build())
}
