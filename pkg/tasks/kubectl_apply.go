package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// KubectlApply applies the manifests in a file or directory, and waits for
// rollouts. It does not delete objects.
type KubectlApply struct {
	// Path is a file or a directory in Source. In a directory, the .yaml, .yml and
	// .json files are applied, but not those in subdirectories. Required.
	Path builder.String
	// Namespace is the namespace of the objects. An object that sets a different
	// namespace is an error. Required.
	Namespace builder.String
	// Kustomize is whether Path is a directory with a kustomization. Its bases can be
	// outside of Source. Default: "false".
	Kustomize builder.String
	// ServerSide controls whether to use server-side apply, which fails on conflicts with
	// fields that are managed by another tool. Default: "true".
	ServerSide builder.String
	// DryRun is whether the API server checks the objects without persisting them.
	// Default: "false".
	DryRun builder.String
	// Rollout lists the deployments, statefulsets and daemonsets whose rollouts to
	// wait for: builder.Strings("deployment/app"), or builder.Strings("all") for all that
	// were applied. The task fails if a rollout does not complete. Default: none.
	Rollout builder.Array
	// Timeout is how long to wait for each rollout, such as "90s". Default: "5m".
	Timeout builder.String
	// ExtraArgs are additional arguments of kubectl apply:
	// builder.Strings("--recursive", "--force-conflicts"). Never use untrusted
	// values. Default: none.
	ExtraArgs builder.Array

	// Source has the manifests. It is mounted read-only. Required.
	Source builder.Workspace
	// Kubeconfig has a kubeconfig named config, kubeconfig or value, to use another
	// cluster or service account. Optional. Default: the pod's service account.
	Kubeconfig builder.Workspace

	// Permissions are all that the pod's service account may do in the namespace, for
	// the kinds of objects that the manifests have: see [ApplyRules]. Default: those in
	// the package documentation.
	Permissions []rbacv1.PolicyRule
	// ToolImage is the image of the step. It must have sh, awk, find, realpath and
	// kubectl. Default: the image of the catalogue.
	ToolImage string
}

// Applied is the output of KubectlApply.
type Applied struct {
	*builder.PipelineTask
	// Count is the number of objects that were applied, including those that were
	// already up to date. It is the result named applied.
	Count builder.String
}

func (k KubectlApply) image() choice { return choice{k.ToolImage, kubectlImage} }

// TaskName returns kubectl-apply, with a suffix if the image is not the default.
func (k KubectlApply) TaskName() string { return named("kubectl-apply", k.image()) }

// Define declares the task.
func (k KubectlApply) Define(t *builder.Task) Applied {
	t.Describe("Applies manifests and waits until they are rolled out.")
	source := t.Workspace("source", k.Source, builder.ReadOnly(), builder.Describe("the manifests"))
	a := applying{k.ServerSide, k.DryRun, k.Timeout, source, kubeconfigOf(t, k.Kubeconfig)}
	applied := t.Result("applied", builder.Describe("number of objects that were applied"))
	if !k.Kubeconfig.IsSet() {
		permissions := k.Permissions
		if len(permissions) == 0 {
			permissions = commonPermissions(ApplyVerbs())
		}
		t.RequirePermissions(k.Namespace, permissions...)
	}

	s := t.Step("apply").Image(k.image().image()).
		Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("MANIFESTS", t.Param("path", k.Path, builder.Describe("file or directory in the source"))).
		Env("NAMESPACE", t.Param("namespace", k.Namespace, builder.Describe("namespace of the objects"))).
		Env("KUSTOMIZE", t.Param("kustomize", k.Kustomize, builder.Default("false"),
			builder.Describe("true if the path is a directory with a kustomization")))
	a.inputs(t, s)
	rollout := t.ArrayParam("rollout", k.Rollout, builder.DefaultArray(),
		builder.Describe("rollouts to wait for, KIND/NAME, or all for those of all applied objects"))
	extra := t.ArrayParam("extra-args", k.ExtraArgs, builder.DefaultArray(),
		builder.Describe("additional arguments of kubectl apply"))

	s.Env("RESULT_APPLIED", applied.PathValue()).
		Args(rollout.All(), next, extra.All()).
		Script(kubectlApplyScript)
	return Applied{t.PipelineTask(), applied.Value()}
}
