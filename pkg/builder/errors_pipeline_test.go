package builder_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// Tool is a task type whose plain field changes its definition but not its name.
type Tool struct{ Debug bool }

func (Tool) TaskName() string { return "tool" }

func (o Tool) Define(t *builder.Task) *builder.PipelineTask {
	s := t.Step("run").Image(image)
	if o.Debug {
		s.Env("DEBUG", "1")
	}
	return t.PipelineTask()
}

// Hidden hides methods of PipelineTask, and leaves an output unset.
type Hidden struct{}

type HiddenOut struct {
	*builder.PipelineTask
	Status builder.String
	After  builder.Array
}

func (Hidden) TaskName() string { return "hidden" }

func (Hidden) Define(t *builder.Task) HiddenOut {
	status, after := t.Result("status"), t.ArrayResult("after")
	t.Step("s").Image(image).Script("echo > " + status.Path() + "; ls > " + after.Path())
	return HiddenOut{t.PipelineTask(), status.Value(), after.Value()}
}

// Lost returns an output without its pipeline task, and Unset one without a result.
type (
	Lost  struct{}
	Unset struct{}
)

func (Lost) TaskName() string  { return "lost" }
func (Unset) TaskName() string { return "unset" }

func (Lost) Define(t *builder.Task) ConvOut {
	t.Step("s").Image(image)
	return ConvOut{Part: t.Result("part").Value(), Parts: t.ArrayResult("parts").Value()}
}

func (Unset) Define(t *builder.Task) ConvOut {
	t.Step("s").Image(image)
	return ConvOut{PipelineTask: t.PipelineTask(), Part: t.Result("part").Value()}
}

// TestErrorsPipeline tests mistakes in pipelines.
func TestErrorsPipeline(t *testing.T) {
	checkMistakes(t, "testdata/errors/pipeline.txt", pipelineMistakes())
}

func pipelineMistakes() []mistake {
	return []mistake{
		{"required input not given", "param-missing", func(f *fixture) {
			builder.Add(f.p, "a", Clone{Output: f.clone.Source}) // want
		}},
		{"required workspace not given", "workspace-missing", func(f *fixture) {
			builder.Add(f.p, "a", Clone{URL: f.repo}) // want
		}},
		{"required input of a finally task", "param-missing", func(f *fixture) {
			builder.AddFinally(f.p, "a", Conv{}) // want
		}},
		{"required input of an include", "param-missing", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Pair{Left: builder.Each(f.flags)}) // want
		}},
		{"param never used", "param-unused", func(f *fixture) {
			f.p.Param("zz") // want
		}},
		{"workspace never used", "workspace-unused", func(f *fixture) {
			f.p.Workspace("zz") // want
		}},
		{"unknown param in raw text", "param-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "$(params.rpo)"}) // want
		}},
		{"unknown param in a when expression", "param-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "k"}).When(builder.String("$(params.rpo)").In("x")) // want
		}},
		{"unknown param in a sub-path", "param-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Edit{Dir: f.clone.Source.SubPath("$(params.reepo)")}) // want
		}},
		{"unknown result in raw text", "result-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "$(tasks.clone.results.comit)"}) // want
		}},
		{"unknown task in raw text", "task-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "$(tasks.clon.results.commit)"}) // want
		}},
		{"unknown context variable", "variable-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "$(context.pipelineRun.nmae)"}) // want
		}},
		{"misspelled variable", "variable-unknown", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "$(parms.repo)"}) // want
		}},
		{"result with brackets", "variable-syntax", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "$(tasks.clone.results['commit'])"}) // want
		}},
		{"array result as a string in raw text", "param-type", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "$(tasks.clone.results.files)"}) // want
		}},
		{"pipeline result without a value", "result-empty", func(f *fixture) {
			f.p.Result("r", "") // want
		}},
		{"pipeline result of an unknown task", "task-unknown", func(f *fixture) {
			f.p.Result("r", "$(tasks.clon.results.commit)") // want
		}},
		{"task twice", "task-duplicate", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "1"}) // want first
			builder.Add(f.p, "a", Conv{Key: "2"}) // want
		}},
		{"task and finally task of one name", "task-duplicate", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "1"})        // want first
			builder.AddFinally(f.p, "a", Conv{Key: "2"}) // want
		}},
		{"param twice", "param-duplicate", func(f *fixture) {
			f.p.Param("p")      // want first
			a := f.p.Param("p") // want
			builder.Add(f.p, "a", Conv{Key: a})
		}},
		{"params of two types and one name", "param-duplicate", func(f *fixture) {
			a := f.p.Param("p")      // want first
			b := f.p.ArrayParam("p") // want
			builder.Add(f.p, "a", Conv{Key: a})
			builder.Add(f.p, "b", Join{Items: b})
		}},
		{"workspace twice", "workspace-duplicate", func(f *fixture) {
			f.p.Workspace("w")      // want first
			w := f.p.Workspace("w") // want
			builder.Add(f.p, "a", Edit{Dir: w})
		}},
		{"pipeline result twice", "result-duplicate", func(f *fixture) {
			f.p.Result("r", f.clone.Commit) // want first
			f.p.Result("r", f.clone.Commit) // want
		}},
		{"cycle", "cycle", func(f *fixture) {
			x, y := builder.Add(f.p, "a", Conv{Key: "1"}), builder.Add(f.p, "b", Conv{Key: "2"}) // want
			x.After(y)                                                                           // want x
			y.After(x)                                                                           // want y
		}},
		{"cycle of one", "cycle", func(f *fixture) {
			x := builder.Add(f.p, "a", Conv{Key: "1"})
			x.After(x) // want
		}},
		{"cycle through a result, a workspace and After", "cycle", func(f *fixture) {
			a := builder.Add(f.p, "a", Conv{Key: "1"})
			b := builder.Add(f.p, "b", Clone{URL: a.Part, Output: f.clone.Source}) // want b
			c := builder.Add(f.p, "c", Edit{Dir: b.Source})                        // want c
			a.After(c)                                                             // want a
		}},
		{"cycle in raw text", "cycle", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "$(tasks.b.results.part)"}) // want a
			builder.Add(f.p, "b", Conv{Key: "$(tasks.a.results.part)"}) // want b
		}},
		{"after a nil task", "task-unknown", func(f *fixture) {
			f.clone.After(nil) // want
		}},
		{"definitions that differ", "definition-differs", func(f *fixture) {
			builder.Add(f.p, "a", Tool{})            // want first
			builder.Add(f.p, "b", Tool{Debug: true}) // want
		}},
		{"two task types of one name", "definition-differs", func(f *fixture) {
			builder.Add(f.p, "a", Tool{})  // want first
			builder.Add(f.p, "b", Other{}) // want
		}},
		{"writers without an order", "workspace-unordered", func(f *fixture) {
			w := f.p.Workspace("w")
			builder.Add(f.p, "a", Edit{Dir: w}) // want first
			builder.Add(f.p, "b", Edit{Dir: w}) // want
		}},
		{"writer and reader without an order", "workspace-unordered", func(f *fixture) {
			w := f.p.Workspace("w")
			builder.Add(f.p, "a", Read{Dir: w}) // want first
			builder.Add(f.p, "b", Edit{Dir: w}) // want
		}},
		{"three writers without an order", "workspace-unordered workspace-unordered", func(f *fixture) {
			w := f.p.Workspace("w")
			builder.Add(f.p, "a", Edit{Dir: w}) // want a
			builder.Add(f.p, "b", Edit{Dir: w}) // want b
			builder.Add(f.p, "c", Edit{Dir: w}) // want c
		}},
		{"finally tasks that share a workspace", "workspace-unordered", func(f *fixture) {
			w := f.p.Workspace("w")
			builder.AddFinally(f.p, "a", Edit{Dir: w}) // want first
			builder.AddFinally(f.p, "b", Edit{Dir: w}) // want
		}},
		{"a matrix and a writer without an order", "workspace-unordered", func(f *fixture) {
			w := f.p.Workspace("w")
			builder.AddMatrix(f.p, "a", Clone{URL: "u" + builder.Axis("item", f.flags), Flags: f.flags, Place: f.obj, Output: w}) // want first
			b := builder.Add(f.p, "b", Edit{Dir: w})                                                                              // want
			builder.Add(f.p, "c", Edit{Dir: w}).After(b)                                                                          // want last
		}},
		{"result in a sub-path", "result-unsupported", func(f *fixture) {
			builder.Add(f.p, "a", Edit{Dir: f.clone.Source.SubPath(f.clone.Commit)}) // want
		}},
		{"result in a resolver's param", "result-unsupported", func(f *fixture) {
			builder.Add(f.p, "a", Remote{From: builder.Git("https://example.com/t", f.clone.Commit, "t.yaml")}) // want
		}},
		{"result in a display name", "result-unsupported", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "k"}).DisplayName("at " + string(f.clone.Commit)) // want
		}},
		{"empty when expression", "when-invalid", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "k"}).When(builder.When{}) // want
		}},
		{"when expression without values", "when-invalid", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "k"}).When(f.repo.In()) // want
		}},
		{"when expression without input", "when-invalid", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "k"}).When(builder.String("").In("a"), builder.CEL("")) // want
		}},
		{"broken CEL", "when-invalid", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "k"}).When(builder.CEL("'a' == ")) // want
		}},
		{"outcome Completed of one task", "task-status-invalid", func(f *fixture) {
			builder.AddFinally(f.p, "a", Conv{Key: "k"}).When(f.clone.Status().In(builder.Completed)) // want
		}},
		{"unknown outcome", "task-status-invalid", func(f *fixture) {
			builder.AddFinally(f.p, "a", Conv{Key: "k"}).When(f.p.Status().NotIn("Successful")) // want
		}},
		{"output hides methods", "output-hides-method output-hides-method", func(f *fixture) {
			builder.Add(f.p, "a", Hidden{}) // want
		}},
		{"output without its pipeline task", "output-unset", func(f *fixture) {
			builder.Add(f.p, "a", Lost{}) // want
		}},
		{"output left unset", "output-unset", func(f *fixture) {
			a := builder.Add(f.p, "a", Unset{}) // want
			builder.Add(f.p, "b", Join{Items: a.Parts})
		}},
		{"output left unset and required", "output-unset", func(f *fixture) {
			a := builder.Add(f.p, "a", UnsetPart{})  // want
			builder.Add(f.p, "b", Conv{Key: a.Part}) // want b
		}},
		{"nil task types", "task-invalid task-invalid task-invalid", func(f *fixture) {
			builder.Add[builder.TaskType[*builder.PipelineTask]](f.p, "a", nil) // want a
			builder.Add(f.p, "b", (*Pointer)(nil))                              // want b
			builder.AddFinally(f.p, "c", body(nil))                             // want c
		}},
		{"nil function", "task-invalid", func(f *fixture) {
			f.p.AddInline("a", nil) // want
		}},
		{"task without steps", "step-missing", func(f *fixture) {
			f.p.AddInline("a", func(*builder.Task) {}) // want
		}},
		{"pipeline without tasks", "task-missing", func(f *fixture) {
			f.build = builder.NewPipeline("empty").Build // want
		}},
		{"include of an array", "param-type", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Mix{Key: builder.Each(f.flags)}).
				Include("more", Mix{Key: "k", Items: f.flags}) // want
		}},
		{"include with an axis", "each-misplaced", func(f *fixture) {
			builder.AddMatrix(f.p, "a", Conv{Key: builder.Each(f.flags)}).Include("more", Conv{Key: builder.Each(f.flags)}) // want
		}},
		{"negative numbers", "retries-invalid timeout-invalid", func(f *fixture) {
			builder.Add(f.p, "a", Conv{Key: "k"}).Retries(-1)           // want a
			builder.Add(f.p, "b", Conv{Key: "k"}).Timeout(-time.Second) // want b
		}},
		{"bad names", "name-invalid name-invalid name-invalid name-invalid", func(f *fixture) {
			q := builder.NewPipeline("Q_q")          // want q
			a := q.Param("a b")                      // want a
			builder.Add(q, "Bad_Name", Conv{Key: a}) // want bad
			builder.Add(q, "", Conv{Key: a})         // want empty
			f.build = q.Build
		}},
		{"handles in names", "handle-misplaced handle-misplaced handle-misplaced handle-misplaced", func(f *fixture) {
			f.p.Param(string(f.repo))                           // want param
			f.p.Workspace(string(f.repo))                       // want workspace
			f.p.Result(string(f.repo), f.clone.Commit)          // want result
			builder.Add(f.p, string(f.repo), Conv{Key: f.repo}) // want task
		}},
		{"handles in descriptions", "handle-misplaced handle-misplaced handle-misplaced handle-misplaced handle-misplaced", func(f *fixture) {
			q := builder.NewPipeline("q").Describe(string(f.repo)) // want q
			a := q.Param("a", builder.Describe(string(f.repo)))    // want description
			b := q.Param("b", builder.Default(string(f.repo)))     // want default
			builder.Add(q, "t", Conv{Key: a + b})
			q.Label("l", string(f.repo))    // want label
			q.Annotate("l", string(f.repo)) // want annotation
			f.build = q.Build
		}},
	}
}

// TestOrdered tests tasks that may share a workspace.
func TestOrdered(t *testing.T) {
	for name, add := range map[string]func(p *builder.Pipeline, w builder.Workspace){
		"readers": func(p *builder.Pipeline, w builder.Workspace) {
			builder.Add(p, "a", Read{w})
			builder.Add(p, "b", Read{w})
		},
		"caches": func(p *builder.Pipeline, w builder.Workspace) {
			builder.Add(p, "a", Cache{w})
			builder.Add(p, "b", Cache{w})
		},
		"cache and all": func(p *builder.Pipeline, w builder.Workspace) {
			builder.Add(p, "a", Cache{w})
			builder.Add(p, "b", Edit{w})
		},
		"handed on": func(p *builder.Pipeline, w builder.Workspace) {
			builder.Add(p, "b", Edit{builder.Add(p, "a", Edit{w}).Dir})
		},
		"after": func(p *builder.Pipeline, w builder.Workspace) {
			builder.Add(p, "b", Edit{w}).After(builder.Add(p, "a", Edit{w}))
		},
		"apart": func(p *builder.Pipeline, w builder.Workspace) {
			builder.Add(p, "a", Edit{w.SubPath("a")})
			builder.Add(p, "b", Edit{w.SubPath("b")})
		},
		"finally": func(p *builder.Pipeline, w builder.Workspace) {
			builder.Add(p, "a", Edit{w})
			builder.AddFinally(p, "b", Edit{w})
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := builder.NewPipeline("p")
			add(p, p.Workspace("w"))
			assert.NoError(t, p.Build())
		})
	}
}

// TestAllAtOnce tests many mistakes in one pipeline.
func TestAllAtOnce(t *testing.T) {
	p := builder.NewPipeline("p")
	p.Param("unused")
	a := builder.Add(p, "a", Clone{})
	builder.Add(p, "b", Conv{Key: "$(params.nope)"}).After(nil)
	builder.Add(p, "b", Conv{Key: a.Files.All()})
	p.AddInline("c", func(t *builder.Task) { t.Step("s").Image(image).Script(string(t.Param("x", a.Commit))) })
	p.Run("r-", a.Commit.Set("x"))

	err := p.Build()
	var codes []string
	var last diag.Position
	for i, f := range findings(t, err) {
		codes = append(codes, f.Code)
		if i == 0 {
			last = f.Position
		}
		assert.LessOrEqual(t, last.Compare(f.Position), 0, "findings come in source order")
		last = f.Position
	}
	assert.Equal(t, []string{
		"param-unused", "param-missing", "workspace-missing", "task-unknown", "param-unknown",
		"array-misplaced", "task-duplicate", "input-in-script", "set-misplaced", "param-missing",
	}, codes)

	var first diag.Finding
	require.ErrorAs(t, err, &first)
	assert.Equal(t, "param-unused", first.Code)
}
