package builder_test

import (
	"testing"

	"github.com/tekwright/tekwright/pkg/builder"
)

// TestErrorsParts tests mistakes with tasks that are made of the steps of others.
func TestErrorsParts(t *testing.T) {
	checkMistakes(t, "testdata/errors/parts.txt", partMistakes())
}

func partMistakes() []mistake {
	inline := func(define func(f *fixture, t *builder.Task)) func(*fixture) {
		return func(f *fixture) {
			f.p.AddInline("a", func(t *builder.Task) { // want task
				t.Step("s").Image(image).Command("true")
				define(f, t)
			})
		}
	}
	return []mistake{
		{"steps that use a result of the same task", "result-misplaced", inline(func(_ *fixture, t *builder.Task) {
			first := builder.AddSteps(t, "first", Conv{Key: "k"})
			builder.AddSteps(t, "second", Conv{Key: "x" + first.Part}) // want
		})},
		{"steps of a Task from elsewhere", "task-invalid", inline(func(_ *fixture, t *builder.Task) {
			builder.AddSteps(t, "x", Elsewhere{Key: "k"}) // want
		})},
		{"steps of nothing", "task-invalid task-invalid", inline(func(_ *fixture, t *builder.Task) {
			builder.AddSteps(t, "x", (*Pointer)(nil))                                   // want x
			builder.AddSharedStep[builder.TaskType[*builder.PipelineTask]](t, "y", nil) // want y
		})},
		{"steps with the same prefix", "task-invalid", inline(func(_ *fixture, t *builder.Task) {
			builder.AddSteps(t, "x", Conv{Key: "k"})
			builder.AddSteps(t, "x", Conv{Key: "l"}) // want
		})},
		{"steps without a required input", "param-missing", inline(func(_ *fixture, t *builder.Task) {
			builder.AddSteps(t, "x", Conv{})
		})},
		{"shared steps that cannot be a StepAction", "stepaction-invalid stepaction-invalid stepaction-invalid stepaction-invalid", inline(func(f *fixture, t *builder.Task) {
			builder.AddSharedStep(t, "object", Clone{URL: "u", Flags: f.flags, Place: f.obj, Output: f.clone.Source}) // want object
			builder.AddSharedStep(t, "steps", twoSteps{})                                                             // want steps
			builder.AddSharedStep(t, "volume", withVolume{})                                                          // want volume
			builder.AddSharedStep(t, "script", pathInScript{Source: f.clone.Source})                                  // want script
		})},
		{"results of others in ResultOf", "result-misplaced result-misplaced result-misplaced", inline(func(f *fixture, t *builder.Task) {
			part := builder.AddSteps(t, "x", Conv{Key: "k"})
			shared := builder.AddSharedStep(t, "y", Shard{Part: "k"})
			t.ResultOf(f.clone.Commit)    // want other
			t.StepResultOf(part.Part)     // want part
			t.ResultOf(shared.Report)     // want shared
			t.ResultOf(part.Part)         // this is right
			t.StepResultOf(shared.Report) // and this
		})},
		{"a fallback that is not possible", "option-misplaced option-misplaced option-misplaced option-misplaced", func(f *fixture) {
			builder.Add(f.p, "elsewhere", Elsewhere{Key: "k"}).Fallback() // want elsewhere
			builder.Add(f.p, "steps", twoSteps{}).Fallback()              // want steps
			f.p.AddPipeline("nested", child()).Fallback()                 // want nested
			builder.Add(f.p, "twice", Shard{Part: "k"}).Fallback().
				Fallback() // want twice
		}},
		{"a fallback with other values", "set-misplaced", func(f *fixture) {
			a := builder.Add(f.p, "a", Conv{Key: "k"})
			a.Fallback(f.clone.Commit.Set("x"), // want a
				a.Parts.Set(builder.Strings("x")),
				f.src.EmptyDir())
		}},
		{"a fallback with a value of another pipeline", "handle-foreign", func(f *fixture) {
			a := builder.Add(f.p, "a", Shard{Part: "k"})
			a.Fallback(a.Report.Set(builder.NewPipeline("other").Param("x"))) // want
		}},
	}
}

// child is a pipeline for others to run.
func child() *builder.Pipeline {
	p := builder.NewPipeline("child")
	builder.Add(p, "a", Shard{Part: "k"})
	return p
}
