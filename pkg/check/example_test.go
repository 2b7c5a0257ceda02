package check_test

import (
	"context"
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
	locate := func(path diag.Path, _ string) diag.Position {
		return diag.Position{File: "greet.go", Line: map[string]int{"spec.steps[0].args[0]": 12}[path.String()]}
	}
	found, err := check.Run(context.Background(), []object.Object{{Object: task, Locate: locate}}, check.Profile{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range found {
		if f.Severity != diag.Error {
			continue // such as a warning that the step has no resource requests
		}
		fmt.Println(f.Position, f.Severity, f.Code, f.Path)
		fmt.Println(f.Message)
		fmt.Println(f.Help)
	}
	// Output:
	// greet.go:12 error param-unknown spec.steps[0].args[0]
	// Task "greet" declares no param "whoo", so Tekton rejects $(params.whoo)
	// did you mean "who"?
}
