package builder_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Counted is the output of Count.
type Counted struct {
	*builder.PipelineTask
	Lines builder.String
}

// Count has an input, a result and a workspace. Forgive adds a Fallback in Define.
type Count struct {
	Repo    builder.String
	Data    builder.Workspace
	Forgive builder.String
	Inside  func(t *builder.Task, c Count)
}

func (Count) TaskName() string { return "count" }

func (c Count) Define(t *builder.Task) Counted {
	repo, lines := t.Param("repo", c.Repo), t.Result("lines")
	step := t.Step("count").Image(image).Env("REPO", repo).Script("count > " + lines.Path() + "\n")
	if c.Data.IsSet() {
		step.WorkingDir(t.Workspace("data", c.Data).PathValue())
	}
	if c.Forgive != "" {
		t.PipelineTask().Fallback(lines.Value().Set(c.Forgive))
	}
	if c.Inside != nil {
		c.Inside(t, c)
	}
	return Counted{t.PipelineTask(), lines.Value()}
}

// TestAxisPlaces puts an axis at each place where a string fits. It is the item of the
// matrix there, or an error: nothing else may replace it.
func TestAxisPlaces(t *testing.T) {
	type places struct {
		p     *builder.Pipeline
		repos builder.Array
		data  builder.Workspace
	}
	add := func(change func(c *Count, repo builder.String)) func(f places, repo builder.String) {
		return func(f places, repo builder.String) {
			c := Count{Repo: repo}
			change(&c, repo)
			builder.AddMatrix(f.p, "scan", c)
		}
	}
	matrix := func(use func(f places, m *builder.Matrix[Count, Counted], repo builder.String)) func(f places, repo builder.String) {
		return func(f places, repo builder.String) {
			use(f, builder.AddMatrix(f.p, "scan", Count{Repo: repo}), repo)
		}
	}
	task := func(use func(t *builder.PipelineTask, repo builder.String)) func(f places, repo builder.String) {
		return matrix(func(_ places, m *builder.Matrix[Count, Counted], repo builder.String) { use(m.PipelineTask, repo) })
	}
	inside := func(use func(t *builder.Task, c Count)) func(f places, repo builder.String) {
		return add(func(c *Count, _ builder.String) { c.Inside = use })
	}
	for name, c := range map[string]struct {
		make func(f places, repo builder.String)
		want string // the value of the Fallback in the step, or "" for an error
		code string // of the error, if not each-misplaced
	}{
		"Fallback, whole": {want: "$(params.repo)", make: matrix(func(_ places, m *builder.Matrix[Count, Counted], repo builder.String) {
			m.FallbackOf(func(c Counted) []builder.Arg { return []builder.Arg{c.Lines.Set(repo)} })
		})},
		"Fallback, joined": {want: "$(params.repo)$(params.fallback-lines-part-1)", make: matrix(func(_ places, m *builder.Matrix[Count, Counted], repo builder.String) {
			m.FallbackOf(func(c Counted) []builder.Arg { return []builder.Arg{c.Lines.Set(repo + " unknown")} })
		})},
		"Fallback of an input that joins": {want: "$(params.name)$(params.fallback-lines-part-1)", make: func(f places, repo builder.String) {
			m := builder.AddMatrix(f.p, "scan", Count{Repo: "x/" + builder.Axis("name", f.repos)})
			m.FallbackOf(func(c Counted) []builder.Arg {
				return []builder.Arg{c.Lines.Set(builder.Axis("name", f.repos) + " " + builder.RunUID)}
			})
		}},
		"Fallback in Define":         {want: "$(params.repo)", make: add(func(c *Count, repo builder.String) { c.Forgive = repo })},
		"Fallback in Define, joined": {want: "$(params.repo)$(params.fallback-lines-part-1)", make: add(func(c *Count, repo builder.String) { c.Forgive = repo + " unknown" })},
		"Fallback, Each": {want: "$(params.repo)$(params.fallback-lines-part-1)", make: func(f places, _ builder.String) {
			each := builder.Each(f.repos)
			builder.AddMatrix(f.p, "scan", Count{Repo: each}).FallbackOf(func(c Counted) []builder.Arg {
				return []builder.Arg{c.Lines.Set(each + " unknown")}
			})
		}},
		"Fallback, Each alone": {want: "$(params.repo)", make: func(f places, _ builder.String) {
			builder.AddMatrix(f.p, "scan", Count{Repo: builder.Each(f.repos), Forgive: builder.Each(f.repos)})
		}},
		"Fallback, Each of another array": {make: func(f places, repo builder.String) {
			builder.AddMatrix(f.p, "scan", Count{Repo: repo, Forgive: builder.Each(builder.Strings("x"))})
		}},
		"Fallback, another axis": {make: func(f places, repo builder.String) {
			builder.AddMatrix(f.p, "scan", Count{Repo: repo, Forgive: builder.Axis("other", f.repos)})
		}},
		"Fallback, axis of another array": {make: func(f places, repo builder.String) {
			builder.AddMatrix(f.p, "scan", Count{Repo: repo, Forgive: builder.Axis("repo", builder.Strings("x"))})
		}},
		"Fallback without a matrix": {make: func(f places, repo builder.String) {
			builder.Add(f.p, "scan", Count{Repo: "x", Forgive: repo + " unknown"})
		}},
		"Pass, joined":       {make: task(func(t *builder.PipelineTask, repo builder.String) { t.Pass("x", repo+"!") })},
		"Pass, used already": {make: task(func(t *builder.PipelineTask, repo builder.String) { t.Pass("x", repo) })},
		"Pass, twice": {make: task(func(t *builder.PipelineTask, _ builder.String) {
			x := builder.Axis("x", builder.Strings("a"))
			t.Pass("x", x).Pass("y", x)
		})},
		"PassArray":         {make: task(func(t *builder.PipelineTask, repo builder.String) { t.PassArray("x", builder.Strings(repo)) })},
		"PassArray, joined": {make: task(func(t *builder.PipelineTask, repo builder.String) { t.PassArray("x", builder.Strings("x"+repo)) })},
		"PassObject": {make: task(func(t *builder.PipelineTask, repo builder.String) {
			t.PassObject("x", builder.ObjectOf(map[string]builder.String{"k": repo + "!"}))
		})},
		"When, input":  {make: task(func(t *builder.PipelineTask, repo builder.String) { t.When(repo.In("x")) })},
		"When, joined": {make: task(func(t *builder.PipelineTask, repo builder.String) { t.When((repo + "!").NotIn("x")) })},
		"When, value":  {make: task(func(t *builder.PipelineTask, repo builder.String) { t.When(builder.RunName.In("x", repo)) })},
		"When, CEL": {make: task(func(t *builder.PipelineTask, repo builder.String) {
			t.When(builder.CEL(builder.CELString(repo) + " == 'x'"))
		})},
		"DisplayName": {make: task(func(t *builder.PipelineTask, repo builder.String) { t.DisplayName(string("scan " + repo)) })},
		"Describe":    {code: "handle-misplaced", make: task(func(t *builder.PipelineTask, repo builder.String) { t.Describe(string("scan " + repo)) })},
		"Mutate": {make: task(func(t *builder.PipelineTask, repo builder.String) {
			t.Mutate(func(p *v1.PipelineTask) { p.DisplayName = string(repo) })
		})},
		"SubPath": {make: func(f places, repo builder.String) {
			builder.AddMatrix(f.p, "scan", Count{Repo: repo, Data: f.data.SubPath("repos/" + repo)})
		}},
		"PassWorkspace, SubPath": {make: matrix(func(f places, m *builder.Matrix[Count, Counted], repo builder.String) {
			m.PassWorkspace("x", f.data.SubPath(repo))
		})},
		"Label of the Task":      {code: "handle-misplaced", make: inside(func(t *builder.Task, c Count) { t.Label("repo", string(c.Repo)) })},
		"Annotation of the Task": {code: "handle-misplaced", make: inside(func(t *builder.Task, c Count) { t.Annotate("repo", string(c.Repo)+"!") })},
		"Env":                    {code: "scope-mixed", make: inside(func(t *builder.Task, c Count) { t.StepTemplate().Env("X", builder.TaskString(c.Repo)) })},
		"Outer":                  {code: "scope-mixed", make: inside(func(t *builder.Task, c Count) { t.StepTemplate().Env("X", t.Outer(c.Repo+"!")) })},
		"Stdout of a step": {code: "scope-mixed", make: inside(func(t *builder.Task, c Count) {
			t.Step("x").Image(image).Script("x").Stdout(builder.TaskString(c.Repo))
		})},
		"array input of the Task": {make: inside(func(t *builder.Task, c Count) { t.ArrayParam("x", builder.Strings(c.Repo)) })},
		"object input of the Task": {make: inside(func(t *builder.Task, c Count) {
			t.ObjectParam("x", builder.ObjectOf(map[string]builder.String{"k": "x" + c.Repo}), []string{"k"})
		})},
		"Include": {make: matrix(func(_ places, m *builder.Matrix[Count, Counted], repo builder.String) {
			m.Include("more", Count{Repo: repo})
		})},
		"Include, joined": {make: matrix(func(_ places, m *builder.Matrix[Count, Counted], repo builder.String) {
			m.Include("more", Count{Repo: "x" + repo})
		})},
		"Collect": {code: "collect-invalid", make: matrix(func(f places, m *builder.Matrix[Count, Counted], repo builder.String) {
			builder.Add(f.p, "join", Join{Items: m.Collect(func(Counted) builder.String { return repo })})
		})},
		"resolver": {make: func(f places, repo builder.String) {
			builder.AddMatrix(f.p, "scan", AtPath{Key: repo, Path: "tasks/" + repo + ".yaml"})
		}},
		"input of another task":        {make: func(f places, repo builder.String) { builder.Add(f.p, "scan", Count{Repo: repo}) }},
		"Annotation of the pipeline":   {code: "handle-misplaced", make: func(f places, repo builder.String) { f.p.Annotate("x", string(repo)) }},
		"Label of the pipeline":        {code: "handle-misplaced", make: func(f places, repo builder.String) { f.p.Label("x", string(repo)) }},
		"result of the pipeline":       {make: func(f places, repo builder.String) { f.p.Result("x", repo+"!") }},
		"array result of the pipeline": {make: func(f places, repo builder.String) { f.p.ArrayResult("x", builder.Strings(repo)) }},
		"object result of the pipeline": {make: func(f places, repo builder.String) {
			f.p.ObjectResult("x", builder.ObjectOf(map[string]builder.String{"k": repo}))
		}},
		"Publish of a finally task": {code: "publish-invalid", make: func(f places, repo builder.String) {
			builder.AddFinally(f.p, "end", Count{Repo: "x"}).Publish("x", func(Counted) builder.String { return repo })
		}},
		"finally task": {make: func(f places, repo builder.String) { builder.AddFinally(f.p, "end", Count{Repo: "x" + repo}) }},
		"inline task": {make: func(f places, repo builder.String) {
			f.p.AddInline("x", func(t *builder.Task) { t.Step("x").Image(image).Args(t.Param("x", repo+"!")).Command("x") })
		}},
		"nested pipeline": {make: func(f places, repo builder.String) {
			child := builder.NewPipeline("child")
			x := child.Param("x")
			child.AddInline("x", func(t *builder.Task) { t.Step("x").Image(image).Command("x").Args(t.Param("x", x)) })
			f.p.AddPipeline("nested", child, x.Set(repo+"!"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			f := places{p, p.ArrayParam("repos"), p.Workspace("data")}
			p.AddInline("before", func(t *builder.Task) {
				t.Step("x").Image(image).Command("x").WorkingDir(t.Workspace("data", f.data).PathValue()).Args(t.ArrayParam("repos", f.repos).All())
			}).Timeout(time.Minute)
			c.make(f, builder.Axis("repo", f.repos))
			var codes []string
			for _, finding := range p.Findings() {
				if finding.Severity == diag.Error {
					codes = append(codes, finding.Code)
				}
			}
			if c.want == "" {
				want := c.code
				if want == "" {
					want = "each-misplaced"
				}
				assert.Contains(t, codes, want)
				return
			}
			require.Empty(t, codes)
			var out bytes.Buffer
			require.NoError(t, manifest.New(p).Write(&out))
			objects, err := p.Objects()
			require.NoError(t, err)
			var scan v1.PipelineTask
			for _, pt := range objects[len(objects)-1].Object.(*v1.Pipeline).Spec.Tasks {
				if pt.Name == "scan" {
					scan = pt
				}
			}
			require.Len(t, scan.Matrix.Params, 1, "one axis")
			assert.Equal(t, "$(params.repos[*])", scan.Matrix.Params[0].Value.StringVal)
			assert.Equal(t, c.want, scan.TaskSpec.Steps[1].Env[3].Value)
			assert.Equal(t, "VALUE_1", scan.TaskSpec.Steps[1].Env[3].Name)
			assert.NotContains(t, out.String(), "value: $(context.pipelineRun.name)")
		})
	}
}

// AtPath is a Task from elsewhere, at a path that is given.
type AtPath struct{ Key, Path builder.String }

func (AtPath) TaskName() string { return "remote" }

func (r AtPath) Define(t *builder.Task) *builder.PipelineTask {
	t.Param("key", r.Key)
	t.From(builder.Git("https://example.com/tasks.git", "main", r.Path))
	return t.PipelineTask()
}
