package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// HelmRollback rolls a Helm release back to its last good revision: the latest
// revision that was deployed successfully. This is not always the previous
// revision, which may have failed as well. If the last deploy did not create a
// revision, or if the release does not exist, HelmRollback does nothing. If no
// revision was ever deployed successfully, it fails and leaves the release
// unchanged.
type HelmRollback struct {
	// Release is the name of the release. Required.
	Release builder.String
	// Namespace is the namespace of the release. Required.
	Namespace builder.String
	// Revision is the number of a revision, or "previous": the last good revision
	// before the latest one, even if the latest one is good. Use "previous" if a
	// test after the deploy failed. Default: the last good revision, which may be
	// the latest one.
	Revision builder.String
	// Wait controls whether to wait until the objects are ready. Default: "true".
	Wait builder.String
	// Timeout is how long to wait, such as "90s". Default: "5m".
	Timeout builder.String
	// Uninstall controls whether to uninstall the release, with all its objects, if no
	// revision was ever good. Default: "false".
	Uninstall builder.String

	// Kubeconfig has a kubeconfig named config, kubeconfig or value, to use another
	// cluster or service account. Optional. Default: the pod's service account.
	Kubeconfig builder.Workspace

	// Permissions are all that the pod's service account may do in the namespace, for
	// the kinds of objects that the chart has: see [HelmRules]. Default: those in the
	// package documentation.
	Permissions []rbacv1.PolicyRule
	// ToolImage is the image of the step. It must have sh and helm. Default: the
	// image of the catalogue.
	ToolImage string
}

// RolledBack is the output of HelmRollback.
type RolledBack struct {
	*builder.PipelineTask
	// Revision is the number of the revision that is deployed now. It is not written
	// if there is no release.
	Revision builder.String
}

func (h HelmRollback) image() choice { return choice{h.ToolImage, helmImage} }

// TaskName returns helm-rollback, with a suffix if the image is not the default.
func (h HelmRollback) TaskName() string { return named("helm-rollback", h.image()) }

// Define declares the task.
func (h HelmRollback) Define(t *builder.Task) RolledBack {
	t.Describe("Rolls a Helm release back to its last good revision.")
	revision := t.Result("revision", builder.Describe("number of the revision that is deployed now"))
	target{h.Release, h.Namespace, h.Wait, h.Timeout, h.Kubeconfig, h.Permissions}.
		step(t, "rollback", h.image().image()).
		Env("REVISION", t.Param("revision", h.Revision, builder.Default(""),
			builder.Describe("number of a revision, or previous; empty for the last good revision"))).
		Env("UNINSTALL", t.Param("uninstall", h.Uninstall, builder.Default("false"),
			builder.Describe("true to uninstall a release without a good revision"))).
		Env("RESULT_REVISION", revision.PathValue()).
		Script(helmRollbackScript)
	return RolledBack{t.PipelineTask(), revision.Value()}
}
