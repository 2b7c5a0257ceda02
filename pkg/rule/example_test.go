package rule_test

import (
	"context"
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// This rule requires a label "team" on every Task.
func Example() {
	labelled := &rule.Rule{
		Code: "team-missing", Severity: diag.Warning, Text: "# team-missing: a Task has no label that names its team\n",
		Kinds: []string{"Task"},
		Run: func(p *rule.Pass) {
			if p.Entry.Labels()["team"] == "" {
				p.Report(p.At("metadata", "labels"), p.Entry.Label()+" has no label team", "add the label with the name of your team")
			}
		},
	}
	profile := check.Profile{Rules: []*rule.Rule{labelled}}
	if err := check.ValidateProfile(profile); err != nil {
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
	// Task "greet": warning team-missing: Task "greet" has no label team
	// 	help: add the label with the name of your team
}
