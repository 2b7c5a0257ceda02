package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// HelmRollback takes a Helm release back to its last good revision: the newest
// one that was once deployed, and not just the one before, which may have
// failed as well. Where the last deploy made no revision, or there is no
// release, it does nothing. Where no revision was ever good it fails, and
// leaves the release for a look at it.
type HelmRollback struct {
	// Release is the release's name. Required.
	Release builder.String
	// Namespace of the release. Required.
	Namespace builder.String
	// Revision is a revision's number, or "previous": the last good one before
	// the newest, even if that is good too, for when it is a later test that
	// failed. Default: the last good one, the newest included.
	Revision builder.String
	// Wait says whether to wait until the objects are ready. Default: "true".
	Wait builder.String
	// Timeout is how long to wait, as in "90s". Default: "5m".
	Timeout builder.String
	// Uninstall says whether to uninstall a release of which no revision was
	// ever good, with all it holds. Default: "false".
	Uninstall builder.String

	// Kubeconfig holds config, kubeconfig or value, for another cluster or
	// account. Optional: the default is the pod's own account.
	Kubeconfig builder.Workspace

	// Rights are what the pod's account needs beyond Helm's storage and the
	// common kinds (see the package's documentation), for charts with others.
	Rights []rbacv1.PolicyRule
	// ToolImage runs the script: sh and helm. Default: the catalogue's.
	ToolImage string
}

// RolledBack is what HelmRollback leaves behind.
type RolledBack struct {
	*builder.PipelineTask
	// Revision is the number of the revision that is deployed now. It is not
	// written where no release is left.
	Revision builder.String
}

func (h HelmRollback) image() choice { return choice{h.ToolImage, helmImage} }

// TaskName is helm-rollback, with a suffix for another ToolImage.
func (h HelmRollback) TaskName() string { return named("helm-rollback", h.image()) }

// Define declares the task.
func (h HelmRollback) Define(t *builder.Task) RolledBack {
	t.Describe("Takes a Helm release back to its last good revision.")
	revision := t.Result("revision", builder.Describe("number of the revision that is deployed now"))
	target{h.Release, h.Namespace, h.Wait, h.Timeout, h.Kubeconfig, h.Rights}.
		step(t, "rollback", h.image().image()).
		Env("REVISION", t.Param("revision", h.Revision, builder.Default(""),
			builder.Describe("number, or previous; empty for the last good one"))).
		Env("UNINSTALL", t.Param("uninstall", h.Uninstall, builder.Default("false"),
			builder.Describe("true to uninstall a release that was never good"))).
		Env("RESULT_REVISION", revision.PathValue()).
		Script(helmRollbackScript)
	return RolledBack{t.PipelineTask(), revision.Value()}
}
