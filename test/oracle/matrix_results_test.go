package oracle

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/reconciler/pipeline/dag"
	prr "github.com/tektoncd/pipeline/pkg/reconciler/pipelinerun/resources"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/object"
)

// TestMatrixResults holds matrix-unread against the results that Tekton takes from a
// run whose tasks have all succeeded.
func TestMatrixResults(t *testing.T) {
	all := *v1.NewStructuredValues("$(tasks.t0.results.out[*])")
	all.Type, all.ArrayVal, all.StringVal = v1.ParamTypeArray, []string{"$(tasks.t0.results.out[*])"}, ""
	other := all
	other.ArrayVal = []string{"$(tasks.t0.results.other[*])"}
	spec := func(args ...string) *v1.EmbeddedTask {
		return &v1.EmbeddedTask{TaskSpec: v1.TaskSpec{
			Params:  v1.ParamSpecs{{Name: "in", Type: v1.ParamTypeString, Default: v1.NewStructuredValues("")}, {Name: "list", Type: v1.ParamTypeArray, Default: &v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: []string{}}}},
			Results: []v1.TaskResult{{Name: "out", Type: v1.ResultsTypeString}, {Name: "other", Type: v1.ResultsTypeString}},
			Steps:   []v1.Step{{Name: "s", Image: "registry.local/alpine:3.20", Args: append([]string{"$(params.in)", "$(params.list[*])", "$(results.out.path)", "$(results.other.path)"}, args...)}}}}
	}
	for name, reader := range map[string]*v1.PipelineTask{
		"nobody":            nil,
		"without a result":  {Name: "t1", TaskSpec: spec()},
		"after":             {Name: "t1", TaskSpec: spec(), RunAfter: []string{"t0"}},
		"length":            {Name: "t1", TaskSpec: spec(), Params: v1.Params{{Name: "in", Value: *v1.NewStructuredValues("$(tasks.t0.matrix.length)")}}},
		"param":             {Name: "t1", TaskSpec: spec(), Params: v1.Params{{Name: "list", Value: all}}},
		"param of another":  {Name: "t1", TaskSpec: spec(), Params: v1.Params{{Name: "list", Value: other}}},
		"matrix":            {Name: "t1", TaskSpec: spec(), Matrix: &v1.Matrix{Params: v1.Params{{Name: "in", Value: all}}}},
		"embedded spec":     {Name: "t1", TaskSpec: spec("$(tasks.t0.results.out[*])")},
		"when":              {Name: "t1", TaskSpec: spec(), When: v1.WhenExpressions{{Input: "a", Operator: "in", Values: []string{"$(tasks.t0.results.out[*])"}}}},
		"display name only": {Name: "t1", TaskSpec: spec(), DisplayName: "after $(tasks.t0.matrix.length)"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &v1.Pipeline{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"}, ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: v1.PipelineSpec{
				Tasks:   []v1.PipelineTask{{Name: "t0", TaskSpec: spec(), Matrix: &v1.Matrix{Params: v1.Params{{Name: "in", Value: v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: []string{"a", "b"}}}}}}},
				Results: []v1.PipelineResult{{Name: "r", Type: v1.ResultsTypeArray, Value: all}}}}
			if reader != nil {
				p.Spec.Tasks = append(p.Spec.Tasks, *reader.DeepCopy())
			}
			found, err := check.Run(context.Background(), []object.Object{{Object: p.DeepCopy()}}, check.Profile{})
			require.NoError(t, err)
			ours := false
			for _, f := range found {
				ours = ours || f.Code == "matrix-unread"
			}
			// As the reconciler does it when the run ends: the children are listed first.
			facts := &prr.PipelineRunFacts{TasksGraph: &dag.Graph{}, FinalTasksGraph: &dag.Graph{}}
			status := map[string]string{}
			for i := range p.Spec.Tasks {
				rpt := &prr.ResolvedPipelineTask{PipelineTask: p.Spec.Tasks[i].DeepCopy()}
				finish(rpt)
				rpt.TaskRuns[0].Status.Results = append(rpt.TaskRuns[0].Status.Results, v1.TaskRunResult{Name: "other", Type: v1.ResultsTypeString, Value: *v1.NewStructuredValues("w")})
				facts.State = append(facts.State, rpt)
				status["tasks."+rpt.PipelineTask.Name+".status"] = "Succeeded"
			}
			facts.GetChildReferences()
			_, err = prr.ApplyTaskResultsToPipelineResults(p.Spec.Results, facts.State.GetTaskRunsResults(), nil, status)
			assert.Equal(t, err != nil, ours, "Tekton: %v", err)
		})
	}
}
