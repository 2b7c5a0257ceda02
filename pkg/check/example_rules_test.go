package check_test

import (
	"context"
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/object"
)

// One rule alone, for a cluster with OpenShift Pipelines.
func ExampleRunRules() {
	task := &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"},
		ObjectMeta: metav1.ObjectMeta{Name: "greet"},
		Spec:       v1.TaskSpec{Steps: []v1.Step{{Name: "say", Image: "registry.local/tools", Command: []string{"echo"}}}},
	}
	profile, ok := check.ProfileNamed("openshift")
	if !ok {
		fmt.Println("the profiles are", check.ProfileNames())
	}
	floating, _ := check.Lookup(check.ImageFloating)
	found, err := check.RunRules(context.Background(), []object.Object{{Object: task}}, profile, floating)
	for _, f := range found {
		fmt.Println(f.Code, f.Path)
	}
	fmt.Println(err)
	// Output:
	// image-floating spec.steps[0].image
	// <nil>
}
