package oracle

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipeline/dag"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
)

// TestEmptyMatrix holds what docs/howto/monorepo.md says about a matrix without items: it is
// skipped with all that comes after it, unlike a task that is skipped by its condition.
func TestEmptyMatrix(t *testing.T) {
	none := v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: []string{}}
	never := v1.WhenExpressions{{Input: "a", Operator: "in", Values: []string{"b"}}}
	tasks := v1.PipelineTaskList{
		{Name: "matrix", Matrix: &v1.Matrix{Params: v1.Params{{Name: "in", Value: none}}}},
		{Name: "after-matrix", RunAfter: []string{"matrix"}},
		{Name: "after-that", RunAfter: []string{"after-matrix"}},
		{Name: "condition", When: never},
		{Name: "after-condition", RunAfter: []string{"condition"}},
		{Name: "after-both", RunAfter: []string{"condition", "matrix"}},
		{Name: "beside"},
	}
	graph, err := dag.Build(tasks, tasks.Deps())
	require.NoError(t, err)
	facts := &prr.PipelineRunFacts{TasksGraph: graph, FinalTasksGraph: &dag.Graph{}, SkipCache: map[string]prr.TaskSkipStatus{}}
	for i := range tasks {
		facts.State = append(facts.State, &prr.ResolvedPipelineTask{PipelineTask: &tasks[i]})
	}
	got := map[string]v1.SkippingReason{}
	for _, rpt := range facts.State {
		got[rpt.PipelineTask.Name] = rpt.Skip(facts).SkippingReason
	}
	assert.Equal(t, map[string]v1.SkippingReason{
		"matrix": v1.EmptyArrayInMatrixParams, "after-matrix": v1.ParentTasksSkip, "after-that": v1.ParentTasksSkip,
		"condition": v1.WhenExpressionsSkip, "after-condition": v1.None, "after-both": v1.ParentTasksSkip, "beside": v1.None,
	}, got)
}
