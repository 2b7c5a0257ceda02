package oracle

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipeline/dag"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// custom is a custom task with a name, or without one, or with a spec.
type custom struct {
	Name string
	Spec []any
}

func (c custom) TaskName() string { return c.Name }

func (c custom) Define(t *builder.Task) *builder.PipelineTask {
	t.Custom("example.dev/v1", "Thing", c.Spec...)
	return t.PipelineTask()
}

// TestDescribedCustom tests that Tekton admits custom tasks in each form, and runs them as
// such.
func TestDescribedCustom(t *testing.T) {
	p := builder.NewPipeline("p")
	builder.Add(p, "kind", custom{})
	builder.Add(p, "object", custom{Name: "thing"})
	builder.Add(p, "spec", custom{Name: "thing", Spec: []any{map[string]int{"a": 1}}})
	builder.Add(p, "approval", tasks.Approval{Approvers: builder.Strings("alice"), Description: builder.RunName})
	s := described(t, p.Run("r"))
	for _, f := range ours(s) {
		assert.NotEqual(t, "error", f.Severity.String(), "%v", f)
	}
	c := &cluster{system: s, ctx: features()}
	require.NoError(t, admit(c.ctx, s.pipeline))
	require.NoError(t, admit(c.ctx, s.run))
	spec := prr.ApplyContexts(&s.pipeline.Spec, "p", s.run)
	run := &simulation{cluster: c, spec: spec, facts: &prr.PipelineRunFacts{TasksGraph: &dag.Graph{}, FinalTasksGraph: &dag.Graph{}}}
	for _, pt := range spec.Tasks {
		rpt, err := run.resolve(pt, nil)
		require.NoError(t, err, pt.Name)
		assert.True(t, rpt.IsCustomTask(), pt.Name)
		assert.Nil(t, rpt.ResolvedTask, pt.Name)
	}
	// What the controller of the approvals reads: a list of names, and texts.
	params := map[string]v1.ParamValue{}
	for _, param := range spec.Tasks[3].Params {
		params[param.Name] = param.Value
	}
	assert.Equal(t, map[string]v1.ParamValue{"approvers": list("alice"), "description": text("r")}, params)
}
