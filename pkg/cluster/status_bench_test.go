package cluster_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// BenchmarkStatus measures the cost of each change when following a run of 1,000
// tasks.
func BenchmarkStatus(b *testing.B) {
	run, others := recorded(b, "results")
	pr := run.(*v1.PipelineRun)
	of := pr.Status.PipelineSpec.Tasks[0]
	pr.Status.PipelineSpec.Tasks = nil
	var all []runtime.Object
	for i := range 1000 {
		of.Name = fmt.Sprint("task-", i)
		pr.Status.PipelineSpec.Tasks = append(pr.Status.PipelineSpec.Tasks, of)
		tr := others[0].DeepCopyObject().(*v1.TaskRun)
		tr.Name = fmt.Sprint("results-task-", i)
		tr.Labels["tekton.dev/pipelineTask"] = of.Name
		all = append(all, tr)
	}
	for b.Loop() {
		s, err := cluster.StatusOf(pr, all...)
		require.NoError(b, err)
		require.Len(b, s.History(), 4002)
	}
}
