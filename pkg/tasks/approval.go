package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Approval waits until people have approved that the pipeline goes on. It is the custom
// task of the manual approval gate of OpenShift Pipelines, which also runs on other
// clusters and must be installed there: the pipeline has no steps of it.
//
//	gate := builder.Add(p, "approval", tasks.Approval{
//		Approvers: builder.Strings("alice", "group:release-managers"), Description: "Deploy " + tag,
//	})
//	gate.After(test).Timeout(8 * time.Hour)
//	builder.Add(p, "deploy", deploy).After(gate)
//
// One rejection makes the task fail, and so does the timeout of the task, which is one hour by
// default. [ApproverRules] are the permissions that the approvers need.
type Approval struct {
	// Approvers are the users who may approve, by their names in Kubernetes, and groups:
	// group:release-managers. Required.
	Approvers builder.Array
	// Required is how many of them must approve. Default: "1".
	Required builder.String
	// Description tells the approvers what they approve. Default: none.
	Description builder.String
}

// The custom task, whose object the controller creates for each run.
const (
	approvalGroup   = "openshift-pipelines.org"
	approvalVersion = approvalGroup + "/v1alpha1"
)

// TaskName returns "": a pipeline refers to the kind ApprovalTask without a name.
func (Approval) TaskName() string { return "" }

// Define declares the task.
func (a Approval) Define(t *builder.Task) *builder.PipelineTask {
	t.ArrayParam("approvers", a.Approvers)
	t.Param("numberOfApprovalsRequired", a.Required, builder.Default("1"))
	t.Param("description", a.Description, builder.Default(""))
	t.Custom(approvalVersion, "ApprovalTask")
	return t.PipelineTask()
}

// ApproverRules returns the RBAC rules that approvers need in the namespace of the runs:
// to find an ApprovalTask, and to write their answer to it. Its webhook checks that it is
// one of the approvers who does.
func ApproverRules() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{{
		APIGroups: []string{approvalGroup}, Resources: []string{"approvaltasks"},
		Verbs: []string{"get", "list", "watch", "patch", "update"},
	}}
}
