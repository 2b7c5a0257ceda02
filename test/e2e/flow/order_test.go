package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

const image builder.TaskString = "registry.local/tool:1"

// Work takes texts and leaves one.
type Work struct{ In builder.Array }

// Worked is what Work leaves behind.
type Worked struct {
	*builder.PipelineTask
	Out builder.String
}

func (Work) TaskName() string { return "work" }

func (w Work) Define(t *builder.Task) Worked {
	in, out := t.ArrayParam("in", w.In, builder.DefaultArray()), t.Result("out")
	t.Step("work").Image(image).Requests("10m", "16Mi").Args(in.All()).Script(`printf '%s ' "$@" > ` + out.Path())
	return Worked{t.PipelineTask(), out.Value()}
}

// TestOrder proves that order follows from results and from After, that what
// has no order runs side by side, and that finally tasks come last.
func TestOrder(t *testing.T) {
	p := builder.NewPipeline("order")
	a := builder.Add(p, "a", Work{})
	b := builder.Add(p, "b", Work{In: builder.Strings(a.Out)})
	c := builder.Add(p, "c", Work{In: builder.Strings(a.Out)})
	d := builder.Add(p, "d", Work{In: builder.Strings(b.Out, "and", c.Out)})
	alone := builder.Add(p, "alone", Work{})
	last := builder.Add(p, "last", Work{})
	last.After(d, alone)
	builder.AddFinally(p, "tidy", Work{})
	builder.AddFinally(p, "report", Work{In: builder.Strings(p.Status().Value())})

	run := start(t, p.Run("order-1"))
	first := run.Running("a", "alone")
	harness.Only(t, first, "a").Succeed(harness.Results{"out": "from a"})
	second := run.Running("alone", "b", "c")
	assert.Equal(t, []string{"from a"}, harness.Only(t, second, "b").Params()["in"].ArrayVal)
	harness.Only(t, second, "c").Succeed(harness.Results{"out": "from c"})
	harness.Only(t, run.Running("alone", "b"), "b").Succeed(harness.Results{"out": "from b"})
	third := run.Running("alone", "d")
	assert.Equal(t, []string{"from b", "and", "from c"}, harness.Only(t, third, "d").Params()["in"].ArrayVal)
	harness.Only(t, third, "d").Succeed(nil)
	run.Running("alone")[0].Succeed(nil)
	run.Running("last")[0].Succeed(nil)
	final := run.Running("report", "tidy")
	assert.Equal(t, []string{"Succeeded"}, harness.Only(t, final, "report").Params()["in"].ArrayVal)
	final[0].Succeed(nil)
	run.Running("tidy")[0].Succeed(nil)
	over := run.Over()
	assert.Equal(t, string(pipelinev1.PipelineRunReasonSuccessful), reason(over))
}

// reason is that of the run's end.
func reason(run *pipelinev1.PipelineRun) string {
	return run.Status.GetCondition("Succeeded").GetReason()
}
