package flow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// Shard tests one part of a whole.
type Shard struct{ Part, System, Flags builder.String }

// Sharded is what Shard leaves behind.
type Sharded struct {
	*builder.PipelineTask
	Report builder.String
}

func (Shard) TaskName() string { return "shard" }

func (s Shard) Define(t *builder.Task) Sharded {
	part, system := t.Param("part", s.Part), t.Param("system", s.System, builder.Default("linux"))
	flags, report := t.Param("flags", s.Flags, builder.Default("")), t.Result("report")
	t.Step("test").Image(image).Requests("10m", "16Mi").Env("PART", part).Env("SYSTEM", system).Env("FLAGS", flags).Script("test-part > " + report.Path())
	return Sharded{t.PipelineTask(), report.Value()}
}

// TestMatrix proves that a task runs once for each combination, all of them at
// once, with the params that Include adds, and that their results come together.
func TestMatrix(t *testing.T) {
	p := builder.NewPipeline("matrix")
	parts := p.ArrayParam("parts", builder.DefaultArray("unit"))
	fan := builder.AddMatrix(p, "test", Shard{Part: builder.Each(parts), System: builder.Each(builder.Strings("linux", "darwin"))}).
		Include("quick", Shard{Part: "api", Flags: "-short"}).
		Include("extra", Shard{Part: "docs"})
	reports := fan.Collect(func(s Sharded) builder.String { return s.Report })
	builder.Add(p, "join", Work{In: reports})
	count := builder.Add(p, "count", Work{In: builder.Strings(fan.Length())})
	count.After(fan) // the length alone makes no task wait
	p.ArrayResult("reports", reports)

	run := start(t, p.Run("matrix-1", parts.Set(builder.Strings("unit", "api"))))
	held := run.Running("test", "test", "test", "test", "test")
	var params []string
	for _, h := range held {
		params = append(params, h.Text("part")+" "+h.Text("system")+" "+h.Text("flags"))
		h.Succeed(harness.Results{"report": h.Text("part") + "/" + h.Text("system")})
	}
	assert.ElementsMatch(t, []string{"unit linux ", "unit darwin ", "api linux -short", "api darwin -short", "docs  "}, params)
	behind := run.Running("count", "join")
	assert.Equal(t, []string{"5"}, behind[0].Params()["in"].ArrayVal)
	want := []string{"unit/linux", "unit/darwin", "api/linux", "api/darwin", "docs/"}
	assert.ElementsMatch(t, want, behind[1].Params()["in"].ArrayVal)
	behind[0].Succeed(nil)
	behind[1].Succeed(nil)
	over := run.Over()
	require.Len(t, over.Status.Results, 1)
	assert.ElementsMatch(t, want, over.Status.Results[0].Value.ArrayVal)
}

// TestMatrixOfResults proves that a matrix waits for the result that it fans
// out over, and runs for each of its items.
func TestMatrixOfResults(t *testing.T) {
	p := builder.NewPipeline("matrix-of-results")
	made := builder.Add(p, "make", Make{})
	fan := builder.AddMatrix(p, "test", Shard{Part: builder.Each(made.List), System: made.Text})
	builder.Add(p, "join", Work{In: fan.Collect(func(s Sharded) builder.String { return s.Report })})
	// Which the checks warn of: Tekton counts the reference, and not its items.
	builder.Add(p, "wrong", Work{In: builder.Strings(fan.Length())}).After(fan)
	builder.Add(p, "count", Work{In: builder.Strings("$(tasks.test.matrix.report.length)")}).After(fan)

	run := start(t, p.Run("matrix-1"))
	run.Running("make")[0].Succeed(harness.Results{"list": []string{"a", "b", "c"}, "text": "plan9"})
	for i, h := range run.Running("test", "test", "test") {
		assert.Equal(t, []string{"a", "b", "c"}[i]+" plan9", h.Text("part")+" "+h.Text("system"))
		h.Succeed(harness.Results{"report": h.Text("part") + "!"})
	}
	behind := run.Running("count", "join", "wrong")
	for i, want := range [][]string{{"3"}, {"a!", "b!", "c!"}, {"1"}} {
		assert.Equal(t, want, behind[i].Params()["in"].ArrayVal, behind[i].Task)
		behind[i].Succeed(nil)
	}
	assert.Equal(t, string(pipelinev1.PipelineRunReasonSuccessful), reason(run.Over()))
}

// TestRetries proves that a task that fails is tried again as often as it may
// be, that nothing behind it begins before, and that the last try counts.
func TestRetries(t *testing.T) {
	for _, c := range []struct {
		name  string
		fails int
		ends  pipelinev1.PipelineRunReason
	}{
		{"the last try succeeds", 2, pipelinev1.PipelineRunReasonSuccessful},
		{"every try fails", 3, pipelinev1.PipelineRunReasonFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := builder.NewPipeline("retries")
			flaky := builder.Add(p, "flaky", Work{})
			flaky.Retries(2)
			builder.Add(p, "behind", Work{In: builder.Strings(flaky.Out)})

			run := start(t, p.Run("retries-1"))
			for range c.fails {
				run.Running("flaky")[0].Fail(4)
			}
			if c.fails < 3 {
				run.Running("flaky")[0].Succeed(harness.Results{"out": "at last"})
				behind := run.Running("behind")[0]
				assert.Equal(t, []string{"at last"}, behind.Params()["in"].ArrayVal)
				behind.Succeed(nil)
			}
			assert.Equal(t, string(c.ends), reason(run.Over()))
			assert.Len(t, run.Task("flaky").Status.RetriesStatus, 2)
		})
	}
}

// TestRetriesOfTaskRun proves the same of a run without a pipeline.
func TestRetriesOfTaskRun(t *testing.T) {
	run := start(t, builder.RunTask("alone", Work{}).Retries(1))
	run.Running("alone")[0].Fail(1)
	run.Running("alone")[0].Succeed(nil)
	task := run.Task("alone")
	assert.True(t, task.IsSuccessful())
	assert.Len(t, task.Status.RetriesStatus, 1)
}

// TestTimeouts proves which limit ends what: that of a task, its retries
// counted anew, that of all tasks, and that of the run.
func TestTimeouts(t *testing.T) {
	t.Run("task", func(t *testing.T) {
		p := builder.NewPipeline("limits")
		slow := builder.Add(p, "slow", Work{})
		slow.Timeout(2 * time.Second).Retries(1)
		builder.Add(p, "behind", Work{}).After(slow)
		builder.AddFinally(p, "tell", Work{In: builder.Strings(slow.Status().Value(), slow.Reason().Value())})
		run := start(t, p.Run("limits-1"))
		tell := run.Next("tell")
		assert.Equal(t, []string{"Failed", "TaskRunTimeout"}, tell.Params()["in"].ArrayVal)
		tell.Succeed(nil)
		assert.Equal(t, string(pipelinev1.PipelineRunReasonFailed), reason(run.Over()))
		assert.Equal(t, "TaskRunTimeout", run.Task("slow").Status.GetCondition("Succeeded").Reason)
		assert.Len(t, run.Task("slow").Status.RetriesStatus, 1)
		assert.NotContains(t, run.Ran(), "behind")
	})
	t.Run("tasks", func(t *testing.T) {
		p := builder.NewPipeline("limits")
		slow := builder.Add(p, "slow", Work{})
		builder.Add(p, "behind", Work{}).After(slow)
		builder.AddFinally(p, "tidy", Work{})
		run := start(t, p.Run("limits-1").Timeouts(builder.Timeouts{Pipeline: time.Minute, Tasks: 3 * time.Second}))
		run.Next("tidy").Succeed(nil)
		over := run.Over()
		// The reason is PipelineRunTimeout or Failed: the run's limit and that of
		// the task, which is the same, pass at once.
		assert.True(t, over.Status.GetCondition("Succeeded").IsFalse())
		assert.NotContains(t, run.Ran(), "behind")
		assert.Len(t, over.Status.SkippedTasks, 1)
	})
	t.Run("run", func(t *testing.T) {
		p := builder.NewPipeline("limits")
		slow := builder.Add(p, "slow", Work{})
		builder.Add(p, "behind", Work{}).After(slow)
		builder.AddFinally(p, "tidy", Work{})
		run := start(t, p.Run("limits-1").Timeouts(builder.Timeouts{Pipeline: 3 * time.Second}))
		over := run.Over()
		assert.Equal(t, string(pipelinev1.PipelineRunReasonTimedOut), reason(over))
		assert.NotContains(t, run.Ran(), "behind")
	})
	t.Run("finally", func(t *testing.T) {
		p := builder.NewPipeline("limits")
		builder.Add(p, "quick", Work{})
		builder.AddFinally(p, "slow", Work{})
		run := start(t, p.Run("limits-1").Timeouts(builder.Timeouts{Pipeline: time.Minute, Finally: 2 * time.Second}))
		run.Running("quick")[0].Succeed(nil)
		over := run.Over()
		assert.Equal(t, string(pipelinev1.PipelineRunReasonFailed), reason(over))
	})
}
