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

// A rule of a team: every Task says whose it is.
func ExampleRule() {
	labelled := check.Rule{
		Code: "team-missing", Severity: diag.Warning, Summary: "a Task does not say whose it is",
		Check: func(i *check.Inspection) {
			task, ok := i.Object.Object.(*v1.Task)
			if ok && task.Labels["team"] == "" {
				i.Report("metadata.labels", fmt.Sprintf("task %q has no label team", task.Name), "add the label with the name of your team")
			}
		},
	}
	profile := check.Profile{Rules: []check.Rule{labelled}}
	if err := profile.Validate(); err != nil {
		fmt.Println(err)
	}
	greet := &v1.Task{
		TypeMeta:   metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"},
		ObjectMeta: metav1.ObjectMeta{Name: "greet"},
		Spec:       v1.TaskSpec{Steps: []v1.Step{{Name: "say", Image: "registry.example.com/tools:1.2", Command: []string{"hello"}}}},
	}
	found, err := check.Run(context.Background(), []object.Object{{Object: greet}}, profile)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range found {
		if f.Code == labelled.Code {
			fmt.Println(f)
		}
	}
	// Output:
	// Task "greet": warning team-missing: task "greet" has no label team
	// 	help: add the label with the name of your team
}

func ExampleReadProfile() {
	profile, err := check.ReadProfile([]byte(`
complete: true
features: [enable-param-enum]
exists:
  - {kind: Task, name: git-clone, namespace: ci}
severities:
  param-unused: off
  input-in-script: error
`))
	fmt.Println(err, profile.Complete, profile.Features, profile.Exists[0], profile.Disabled)

	_, err = check.ReadProfile([]byte("feature: [enable-param-enum]\ncomplete: maybe"))
	fmt.Println(err)
	profile.Disabled = append(profile.Disabled, "param-unusd")
	fmt.Println(profile.Validate(), profile.Doubts())
	// Output:
	// <nil> true [enable-param-enum] Task "git-clone" [param-unused]
	// profile: complete is "maybe": write true or false
	// profile: there is no field "feature": did you mean "features"?
	// <nil> [profile: disabled has "param-unusd", which is not a rule here: did you mean "param-unused"?]
}

func ExampleRuleOf() {
	rule, _ := check.RuleOf(check.ParamMissing)
	fmt.Println(rule.Severity, rule.Topic, rule.Summary)
	// Output:
	// error params a param without a default is not set
}
