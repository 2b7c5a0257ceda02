// Package plain describes the shape that is measured as upstream structs.
package plain

import (
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

func task(prefix string, i int) *v1.Task {
	return &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"},
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s%d", prefix, i)},
		Spec: v1.TaskSpec{
			Params: v1.ParamSpecs{
				{Name: "key", Type: v1.ParamTypeString, Description: "what to build"},
				{Name: "mode", Type: v1.ParamTypeString, Description: "how to build it", Default: v1.NewStructuredValues("fast")},
			},
			Workspaces: []v1.WorkspaceDeclaration{{Name: "source"}},
			Results:    []v1.TaskResult{{Name: "digest", Type: v1.ResultsTypeString, Description: "what was built"}},
			Steps: []v1.Step{{
				Name: "build", Image: "registry.local/builder:1.2",
				Env:    []corev1.EnvVar{{Name: "KEY", Value: "$(params.key)"}, {Name: "MODE", Value: "$(params.mode)"}},
				Script: "cd $(workspaces.source.path)\nbuild \"$KEY\" \"$MODE\"\n",
			}, {
				Name: "publish", Image: "registry.local/publisher:1.2",
				Env:    []corev1.EnvVar{{Name: "KEY", Value: "$(params.key)"}},
				Script: "publish \"$KEY\" > $(results.digest.path)\n",
			}},
		},
	}
}

// Objects are n Tasks, whose names begin with the prefix, and a Pipeline of n tasks in a chain.
func Objects(name, prefix string, n int) []runtime.Object {
	p := &v1.Pipeline{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1.PipelineSpec{
			Params:     v1.ParamSpecs{{Name: "key", Type: v1.ParamTypeString}},
			Workspaces: []v1.PipelineWorkspaceDeclaration{{Name: "source"}},
		},
	}
	key := "$(params.key)"
	objects := make([]runtime.Object, 0, n+1)
	for i := range n {
		objects = append(objects, task(prefix, i))
		p.Spec.Tasks = append(p.Spec.Tasks, v1.PipelineTask{
			Name: fmt.Sprintf("task-%d", i), TaskRef: &v1.TaskRef{Name: fmt.Sprintf("%s%d", prefix, i), Kind: "Task"},
			Params: v1.Params{
				{Name: "key", Value: *v1.NewStructuredValues(key)},
				{Name: "mode", Value: *v1.NewStructuredValues("slow")},
			},
			Workspaces: []v1.WorkspacePipelineTaskBinding{{Name: "source", Workspace: "source"}},
		})
		key = fmt.Sprintf("$(tasks.task-%d.results.digest)", i)
	}
	return append(objects, p)
}
