package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Elsewhere is a Task that is fetched from elsewhere.
type Elsewhere struct{ Key builder.String }

func (Elsewhere) TaskName() string { return "elsewhere" }

func (e Elsewhere) Define(t *builder.Task) *builder.PipelineTask {
	t.Param("key", e.Key)
	t.From(builder.Git("https://example.com/tasks.git", "main", "task.yaml"))
	return t.PipelineTask()
}

// Printed has two inputs.
type Printed struct{ First, Second builder.String }

func (Printed) TaskName() string { return "two" }

func (p Printed) Define(t *builder.Task) *builder.PipelineTask {
	first, second := t.Param("first", p.First, builder.Describe("the first")), t.Param("second", p.Second, builder.Default("none"))
	t.Step("print").Image(image).Env("FIRST", first).Command("printf", "%s %s").Args(second, "<"+second+">")
	return t.PipelineTask()
}

// TestAxis tests how a Task joins axes and other text.
func TestAxis(t *testing.T) {
	axis := func(f *fixture) builder.String { return builder.Axis("flag", f.flags) }
	for name, c := range map[string]struct {
		pair          func(f *fixture) Printed
		task          string // the name of the Task, where it does not have a suffix
		matrix        []string
		params        map[string]string
		first, second string
	}{
		"whole": {
			pair: func(f *fixture) Printed { return Printed{First: axis(f)} }, task: "two",
			matrix: []string{"first"}, first: "$(params.first)", second: "$(params.second)",
		},
		"whole, twice": {
			pair:   func(f *fixture) Printed { return Printed{First: axis(f), Second: axis(f)} },
			matrix: []string{"first"}, first: "$(params.first)", second: "$(params.first)",
		},
		"whole, then joined": {
			pair:   func(f *fixture) Printed { return Printed{First: axis(f), Second: "x" + axis(f)} },
			matrix: []string{"first"}, params: map[string]string{"second-part-1": "x"},
			first: "$(params.first)", second: "$(params.second-part-1)$(params.first)",
		},
		"joined, then whole": {
			pair:   func(f *fixture) Printed { return Printed{First: "x" + axis(f), Second: axis(f)} },
			matrix: []string{"flag"}, params: map[string]string{"first-part-1": "x"},
			first: "$(params.first-part-1)$(params.flag)", second: "$(params.flag)",
		},
		"between handles": {
			pair:   func(f *fixture) Printed { return Printed{First: f.repo + "/" + axis(f) + ":" + f.clone.Commit} },
			matrix: []string{"flag"}, params: map[string]string{"first-part-1": "$(params.repo)/", "first-part-2": ":$(tasks.clone.results.commit)"},
			first: "$(params.first-part-1)$(params.flag)$(params.first-part-2)", second: "$(params.second)",
		},
		"two axes, one of them twice": {
			pair: func(f *fixture) Printed {
				return Printed{First: axis(f) + builder.Axis("os", builder.Strings("a", "b")) + "-" + axis(f), Second: "s"}
			},
			matrix: []string{"flag", "os"}, params: map[string]string{"first-part-1": "-", "second": "s"},
			first: "$(params.flag)$(params.os)$(params.first-part-1)$(params.flag)", second: "$(params.second)",
		},
		"Each keeps two axes": {
			pair: func(f *fixture) Printed { return Printed{First: builder.Each(f.flags), Second: builder.Each(f.flags)} }, task: "two",
			matrix: []string{"first", "second"}, first: "$(params.first)", second: "$(params.second)",
		},
		"raw text of the pipeline stays in the pipeline": {
			pair:   func(f *fixture) Printed { return Printed{First: "$(context.pipelineRun.name)" + axis(f)} },
			matrix: []string{"flag"}, params: map[string]string{"first-part-1": "$(context.pipelineRun.name)"},
			first: "$(params.first-part-1)$(params.flag)", second: "$(params.second)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture()
			builder.AddMatrix(f.p, "a", c.pair(f))
			require.NoError(t, f.p.Build())
			objects, err := f.p.Objects()
			require.NoError(t, err)
			var task *v1.Task
			var of v1.PipelineTask
			for _, o := range objects {
				switch o := o.Object.(type) {
				case *v1.Task:
					if len(o.Spec.Steps) == 1 && o.Spec.Steps[0].Name == "print" {
						task = o
					}
				case *v1.Pipeline:
					for _, pt := range o.Spec.Tasks {
						if pt.Name == "a" {
							of = pt
						}
					}
				}
			}
			assert.Equal(t, task.Name, of.TaskRef.Name)
			if c.task != "" {
				assert.Equal(t, c.task, task.Name)
			} else {
				assert.Regexp(t, `^two-[0-9a-f]{8}$`, task.Name)
			}
			var matrix []string
			for _, p := range of.Matrix.Params {
				matrix = append(matrix, p.Name)
			}
			assert.Equal(t, c.matrix, matrix)
			params := map[string]string{}
			for _, p := range of.Params {
				params[p.Name] = p.Value.StringVal
			}
			if c.params == nil {
				c.params = map[string]string{}
			}
			assert.Equal(t, c.params, params)
			step := task.Spec.Steps[0]
			assert.Equal(t, c.first, step.Env[0].Value)
			assert.Equal(t, []string{c.second, "<" + c.second + ">"}, step.Args)
		})
	}
}

// TestAxisShared tests that tasks which join the same inputs in the same way share a
// Task, and others do not.
func TestAxisShared(t *testing.T) {
	f := newFixture()
	builder.AddMatrix(f.p, "a", Printed{First: "x" + builder.Axis("flag", f.flags)})
	builder.AddMatrix(f.p, "b", Printed{First: f.repo + "/" + builder.Axis("flag", builder.Strings("1"))})
	builder.AddMatrix(f.p, "c", Printed{First: builder.Axis("flag", f.flags) + "x"})
	builder.Add(f.p, "d", Printed{First: "x"})
	require.NoError(t, f.p.Build())
	objects, err := f.p.Objects()
	require.NoError(t, err)
	ref := map[string]string{}
	for _, pt := range objects[len(objects)-1].Object.(*v1.Pipeline).Spec.Tasks {
		ref[pt.Name] = pt.TaskRef.Name
	}
	assert.Equal(t, ref["a"], ref["b"])
	assert.NotEqual(t, ref["a"], ref["c"])
	assert.Equal(t, "two", ref["d"])
}
