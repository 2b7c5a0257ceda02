package tasks_test

import (
	"fmt"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// The deploy waits for two of the approvers, at most a day.
func ExampleApproval() {
	p := builder.NewPipeline("release")
	src := p.Workspace("source")
	test := builder.Add(p, "test", tasks.GoTest{Source: src})
	gate := builder.Add(p, "approval", tasks.Approval{
		Approvers: builder.Strings("alice", "bob", "group:release-managers"), Required: "2",
		Description: "Deploy " + builder.RunName,
	})
	gate.After(test).Timeout(24 * time.Hour)
	builder.Add(p, "deploy", tasks.KubectlApply{Source: src, Path: "deploy", Namespace: "shop"}).After(gate)
	if err := p.Build(); err != nil {
		fmt.Println(err)
		return
	}
	objects, _ := p.Objects()
	for _, o := range objects {
		pipeline, ok := o.Object.(*v1.Pipeline)
		if !ok {
			continue
		}
		approval := pipeline.Spec.Tasks[1]
		fmt.Printf("%s: %s %s %q, after %s\n", approval.Name, approval.TaskRef.APIVersion, approval.TaskRef.Kind, approval.TaskRef.Name, approval.RunAfter)
		for _, param := range approval.Params {
			fmt.Println(" ", param.Name+":", param.Value.StringVal, param.Value.ArrayVal)
		}
	}
	approvers := infra.NewRole("approvers", "ci", tasks.ApproverRules()...).BindUsers("alice", "bob").BindGroups("release-managers")
	if objects, err := approvers.Objects(); err == nil {
		for _, subject := range objects[1].Object.(*rbacv1.RoleBinding).Subjects {
			fmt.Println("may approve:", subject.Kind, subject.Name)
		}
	}
	// Output:
	// approval: openshift-pipelines.org/v1alpha1 ApprovalTask "", after [test]
	//   approvers:  [alice bob group:release-managers]
	//   numberOfApprovalsRequired: 2 []
	//   description: Deploy $(context.pipelineRun.name) []
	// may approve: User alice
	// may approve: User bob
	// may approve: Group release-managers
}
