// Command raw writes N Tasks and a Pipeline of them as upstream structs with
// sigs.k8s.io/yaml, unchecked.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

func task(i int) *v1.Task {
	return &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"},
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("job-%d", i)},
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

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	p := &v1.Pipeline{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Pipeline"},
		ObjectMeta: metav1.ObjectMeta{Name: "all"},
		Spec: v1.PipelineSpec{
			Params:     v1.ParamSpecs{{Name: "key", Type: v1.ParamTypeString}},
			Workspaces: []v1.PipelineWorkspaceDeclaration{{Name: "source"}},
		},
	}
	key := "$(params.key)"
	objects := make([]any, 0, n+1)
	for i := range n {
		objects = append(objects, task(i))
		p.Spec.Tasks = append(p.Spec.Tasks, v1.PipelineTask{
			Name: fmt.Sprintf("task-%d", i), TaskRef: &v1.TaskRef{Name: fmt.Sprintf("job-%d", i), Kind: "Task"},
			Params: v1.Params{
				{Name: "key", Value: *v1.NewStructuredValues(key)},
				{Name: "mode", Value: *v1.NewStructuredValues("slow")},
			},
			Workspaces: []v1.WorkspacePipelineTaskBinding{{Name: "source", Workspace: "source"}},
		})
		key = fmt.Sprintf("$(tasks.task-%d.results.digest)", i)
	}
	w := bufio.NewWriter(os.Stdout)
	for _, o := range append(objects, p) {
		b, err := yaml.Marshal(o)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(w, "---\n%s", b)
	}
	if err := w.Flush(); err != nil {
		panic(err)
	}
}
