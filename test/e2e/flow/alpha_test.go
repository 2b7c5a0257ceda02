package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// TestNest proves that a pipeline within a pipeline gets its arguments, goes in
// its own order, and is waited for. It needs enable-api-fields: alpha.
func TestNest(t *testing.T) {
	harness.Get(t).Flags(t, map[string]string{"enable-api-fields": "alpha"})
	child := builder.NewPipeline("child")
	name := child.Param("name")
	data := child.Workspace("data")
	first := builder.Add(child, "first", Store{Data: data})
	second := builder.Add(child, "second", Work{In: builder.Strings(name)})
	second.After(first)

	p := builder.NewPipeline("parent")
	who, source := p.Param("who"), p.Workspace("source")
	before := builder.Add(p, "before", Work{})
	inner := p.AddPipeline("inner", child, name.Set(who+" "+before.Out), data.From(source))
	builder.Add(p, "behind", Work{}).After(inner)
	p.AddPipeline("skipped", child, name.Set("x"), data.From(source)).When(who.In("nobody"))
	builder.AddFinally(p, "tell", Work{In: builder.Strings(inner.Status().Value())})

	run := start(t, p.Run("parent-1", who.Set("Ada"), source.VolumeClaimTemplate("1Gi")))
	run.Running("before")[0].Succeed(harness.Results{"out": "L."})
	run.Running("inner/first")[0].Succeed(nil)
	last := run.Running("inner/second")[0]
	assert.Equal(t, []string{"Ada L."}, last.Params()["in"].ArrayVal)
	last.Succeed(nil)
	run.Running("behind")[0].Succeed(nil)
	tell := run.Running("tell")[0]
	assert.Equal(t, []string{"Succeeded"}, tell.Params()["in"].ArrayVal)
	tell.Succeed(nil)
	over := run.Over()
	assert.Equal(t, string(pipelinev1.PipelineRunReasonCompleted), reason(over))
	assert.Equal(t, []string{"skipped: When Expressions evaluated to false"}, skipped(over))
}
