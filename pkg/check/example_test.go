package check_test

import (
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

func ExampleRun() {
	task := &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"},
		ObjectMeta: metav1.ObjectMeta{Name: "greet"},
		Spec: v1.TaskSpec{
			Params: v1.ParamSpecs{{Name: "who"}},
			Steps:  []v1.Step{{Name: "say", Image: "busybox", Command: []string{"echo"}, Args: []string{"hello $(params.whoo)"}}},
		},
	}
	place := func(path string) string { return "greet.go:" + map[string]string{"spec.params[0]": "12"}[path] }
	for _, f := range check.Run([]object.Object{{Object: task, Place: place}}, check.Profile{}) {
		if f.Severity != diag.Error {
			continue // it has no requests either, for instance
		}
		fmt.Println(f.Severity, f.Code, f.Path)
		fmt.Println(f.Message)
		fmt.Println(f.Help)
	}
	// Output:
	// error param-unknown spec.steps[0].args[0]
	// $(params.whoo) names no param of Task "greet", and stays as it is
	// did you mean "who"?
}
