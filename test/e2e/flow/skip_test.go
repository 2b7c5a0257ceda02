package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// TestWhen proves what conditions do, and what becomes of tasks behind one that
// is skipped: those that take its results are skipped too, those that only run
// after it are not.
func TestWhen(t *testing.T) {
	p := builder.NewPipeline("when")
	branch := p.Param("branch")
	targets := p.ArrayParam("targets")
	build := builder.Add(p, "build", Work{})
	build.When(branch.In("main", "release"), branch.NotIn("release"))
	also := builder.Add(p, "also", Work{})
	also.When(builder.String("x").In(targets.All()))
	not := builder.Add(p, "not", Work{})
	not.When(branch.In("release"))
	takes := builder.Add(p, "takes", Work{In: builder.Strings(not.Out)})
	builder.Add(p, "takes-that", Work{In: builder.Strings(takes.Out)})
	follows := builder.Add(p, "follows", Work{})
	follows.After(not)
	yes := builder.Add(p, "yes", Work{})
	yes.When(build.Out.In("go"))
	no := builder.Add(p, "no", Work{})
	no.When(build.Out.NotIn("go"))
	builder.AddFinally(p, "tell", Work{In: builder.Strings(not.Status().Value(), build.Status().Value(), p.Status().Value())})
	builder.AddFinally(p, "after-skip", Work{}).When(not.Status().In(builder.None))
	builder.AddFinally(p, "after-failure", Work{}).When(p.Status().In(builder.Failed))
	builder.AddFinally(p, "not-main", Work{}).When(branch.NotIn("main"))

	run := start(t, p.Run("when-1", branch.Set("main"), targets.Set(builder.Strings("x", "y"))))
	run.Running("also", "build", "follows")[1].Succeed(harness.Results{"out": "go"})
	for _, h := range run.Running("also", "follows", "yes") {
		h.Succeed(nil)
	}
	final := run.Running("after-skip", "tell")
	assert.Equal(t, []string{"None", "Succeeded", "Completed"}, final[1].Params()["in"].ArrayVal)
	final[0].Succeed(nil)
	final[1].Succeed(nil)
	over := run.Over()
	assert.Equal(t, string(pipelinev1.PipelineRunReasonCompleted), reason(over))
	assert.Equal(t, []string{
		"after-failure: When Expressions evaluated to false",
		"no: When Expressions evaluated to false",
		"not-main: When Expressions evaluated to false",
		"not: When Expressions evaluated to false",
		"takes-that: Parent Tasks were skipped",
		"takes: Results were missing",
	}, skipped(over))
}

// TestContinueOnError proves that a run goes on behind a task that may fail, and
// succeeds, though the status of all tasks is Failed; and that without that word
// it stops: what runs ends, and nothing else begins.
func TestContinueOnError(t *testing.T) {
	for _, c := range []struct {
		name   string
		may    bool
		reason pipelinev1.PipelineRunReason
		told   []string
	}{
		{"may", true, pipelinev1.PipelineRunReasonSuccessful, []string{"Failed", "Failed"}},
		{"must-not", false, pipelinev1.PipelineRunReasonFailed, []string{"Failed", "Failed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := builder.NewPipeline("errors")
			lint := builder.Add(p, "lint", Work{})
			if c.may {
				lint.ContinueOnError()
			}
			beside := builder.Add(p, "beside", Work{})
			behind := builder.Add(p, "behind", Work{})
			behind.After(lint)
			builder.Add(p, "later", Work{}).After(beside)
			builder.AddFinally(p, "tell", Work{In: builder.Strings(lint.Status().Value(), p.Status().Value())})

			run := start(t, p.Run("errors-1"))
			run.Running("beside", "lint")[1].Fail(2)
			if c.may {
				for _, h := range run.Running("behind", "beside") {
					h.Succeed(nil)
				}
				run.Running("later")[0].Succeed(nil)
			} else {
				run.Running("beside")[0].Succeed(nil)
			}
			tell := run.Running("tell")[0]
			assert.Equal(t, c.told, tell.Params()["in"].ArrayVal)
			tell.Succeed(nil)
			over := run.Over()
			assert.Equal(t, string(c.reason), reason(over))
			if c.may {
				assert.Empty(t, over.Status.SkippedTasks)
			} else {
				assert.Equal(t, []string{"behind: PipelineRun was stopping", "later: PipelineRun was stopping"}, skipped(over))
			}
		})
	}
}

// TestFinally proves that finally tasks run however the others ended, know how
// they ended, are guarded by it, and publish what they leave.
func TestFinally(t *testing.T) {
	for _, c := range []struct {
		name  string
		fails bool
		final []string
		tell  []string
	}{
		{"failed", true, []string{"on-failure", "tell"}, []string{"Failed", "StepFailed", "None", "Failed"}},
		{"succeeded", false, []string{"on-success", "tell"}, []string{"Succeeded", "Succeeded", "Succeeded", "Succeeded"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := builder.NewPipeline("ends")
			a := builder.Add(p, "a", Work{})
			b := builder.Add(p, "b", Work{In: builder.Strings(a.Out)})
			builder.AddFinally(p, "on-failure", Work{}).When(a.Status().In(builder.Failed), a.Reason().NotIn("TaskRunCancelled"))
			builder.AddFinally(p, "on-success", Work{}).When(p.Status().In(builder.Succeeded, builder.Completed))
			builder.AddFinally(p, "takes-b", Work{In: builder.Strings(b.Out)}).When(a.Status().In(builder.None))
			builder.AddFinally(p, "tell", Work{In: builder.Strings(a.Status().Value(), a.Reason().Value(), b.Status().Value(), p.Status().Value())}).
				Publish("told", func(w Worked) builder.String { return w.Out })

			run := start(t, p.Run("ends-1"))
			if c.fails {
				run.Running("a")[0].Fail(1)
			} else {
				run.Running("a")[0].Succeed(nil)
				run.Running("b")[0].Succeed(nil)
			}
			held := run.Running(c.final...)
			assert.Equal(t, c.tell, held[1].Params()["in"].ArrayVal)
			held[0].Succeed(nil)
			held[1].Succeed(harness.Results{"out": "all"})
			over := run.Over()
			assert.Equal(t, c.fails, over.Status.GetCondition("Succeeded").IsFalse())
			if assert.Len(t, over.Status.Results, 1) {
				assert.Equal(t, "all", over.Status.Results[0].Value.StringVal)
			}
		})
	}
}
