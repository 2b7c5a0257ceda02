package oracle

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestShadowed shows what Tekton does without a word when an embedded Task and
// its Pipeline declare a param of one name, and the task passes a whole result
// in it: param-shadowed.
func TestShadowed(t *testing.T) {
	step := func(args ...string) []v1.Step {
		return []v1.Step{{Name: "a", Image: "registry.local/a:1", Command: []string{"a"}, Args: args}}
	}
	list, object := list("of", "the", "pipeline"), objectValue(map[string]string{"url": "of the pipeline"})
	url := map[string]v1.PropertySpec{"url": {Type: v1.ParamTypeString}}
	s := &system{
		pipeline: &v1.Pipeline{TypeMeta: typeMeta("v1", "Pipeline"), ObjectMeta: metav1.ObjectMeta{Name: "release"}, Spec: v1.PipelineSpec{
			Params: v1.ParamSpecs{{Name: "list", Type: v1.ParamTypeArray, Default: &list}, {Name: "object", Type: v1.ParamTypeObject, Properties: url, Default: &object}},
			Tasks: []v1.PipelineTask{
				{Name: "make", TaskSpec: &v1.EmbeddedTask{TaskSpec: v1.TaskSpec{
					Results: []v1.TaskResult{{Name: "list", Type: v1.ResultsTypeArray}, {Name: "object", Type: v1.ResultsTypeObject, Properties: url}}, Steps: step(),
				}}},
				{Name: "use", Params: v1.Params{{Name: "list", Value: text("$(tasks.make.results.list[*])")}, {Name: "object", Value: text("$(tasks.make.results.object[*])")}},
					TaskSpec: &v1.EmbeddedTask{TaskSpec: v1.TaskSpec{
						Params: v1.ParamSpecs{{Name: "list", Type: v1.ParamTypeArray}, {Name: "object", Type: v1.ParamTypeObject, Properties: url}},
						Steps:  step("$(params.list[*])", "$(params.list[0])", "$(params.object.url)"),
					}}},
			},
		}},
		run: &v1.PipelineRun{TypeMeta: typeMeta("v1", "PipelineRun"), ObjectMeta: metav1.ObjectMeta{Name: "release-1"}, Spec: v1.PipelineRunSpec{
			PipelineRef: &v1.PipelineRef{Name: "release"},
		}},
		taskRun: &v1.TaskRun{TypeMeta: typeMeta("v1", "TaskRun"), ObjectMeta: metav1.ObjectMeta{Name: "other"}, Spec: v1.TaskRunSpec{
			TaskSpec: &v1.TaskSpec{Steps: step()},
		}},
	}
	c, err := apply(s)
	require.NoError(t, err)
	// The task made "made" and "made too".
	assert.Equal(t, []string{"of", "of the pipeline"}, c.pods["release-1-use"].Steps[0].Args)
	assert.Len(t, ours(s).Err(), 2)
}
