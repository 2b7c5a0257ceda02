package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// KubectlApply applies the manifests of a file or a folder, and waits until
// what they roll out is there. It deletes nothing.
type KubectlApply struct {
	// Path is a file or a folder in Source: the .yaml, .yml and .json files that
	// are right in it. Required.
	Path builder.String
	// Namespace that the objects go to. One that names another itself is
	// refused. Required.
	Namespace builder.String
	// Kustomize says whether Path is a folder with a kustomization. Default:
	// "false".
	Kustomize builder.String
	// ServerSide says whether the API server merges the manifests with what is
	// there, and refuses to take over fields that another tool manages. Default:
	// "true".
	ServerSide builder.String
	// DryRun says whether to have the API server check everything, and keep
	// nothing. Default: "false".
	DryRun builder.String
	// Rollout lists what to wait for, deployments, statefulsets and daemonsets:
	// builder.Strings("deployment/app"). The task fails if one does not come
	// about. Default: none.
	Rollout builder.Array
	// Timeout is how long to wait for each of Rollout, as in "90s". Default:
	// "5m".
	Timeout builder.String
	// ExtraArgs are further arguments of kubectl apply:
	// builder.Strings("--recursive", "--force-conflicts"). They are trusted.
	// Default: none.
	ExtraArgs builder.Array

	// Source holds the manifests. Required; it is only read.
	Source builder.Workspace
	// Kubeconfig holds config, kubeconfig or value, for another cluster or
	// account. Optional: the default is the pod's own account.
	Kubeconfig builder.Workspace

	// Rights are what the pod's account needs beyond the common kinds (see the
	// package's documentation), for manifests with others.
	Rights []rbacv1.PolicyRule
	// ToolImage runs the script: sh and kubectl. Default: the catalogue's.
	ToolImage string
}

// Applied is what KubectlApply leaves behind.
type Applied struct {
	*builder.PipelineTask
	// Count is how many objects were applied, those left as they were included.
	// The result applied.
	Count builder.String
}

func (k KubectlApply) image() choice { return choice{k.ToolImage, kubectlImage} }

// TaskName is kubectl-apply, with a suffix for another ToolImage.
func (k KubectlApply) TaskName() string { return named("kubectl-apply", k.image()) }

// Define declares the task.
func (k KubectlApply) Define(t *builder.Task) Applied {
	t.Describe("Applies manifests, and waits until they are rolled out.")
	source := t.Workspace("source", k.Source, builder.ReadOnly(), builder.Describe("holds the manifests"))
	kubeconfig := t.Workspace("kubeconfig", k.Kubeconfig, builder.Optional(), builder.ReadOnly(),
		builder.Describe("config, kubeconfig or value: the cluster to deploy to"))
	applied := t.Result("applied", builder.Describe("number of objects that were applied"))
	if !k.Kubeconfig.IsSet() {
		t.RequirePermissions(k.Namespace, append(commonPermissions([]string{"get", "list", "watch", "create", "patch"}), k.Rights...)...)
	}

	s := t.Step("apply").Image(k.image().image()).
		Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("MANIFESTS", t.Param("path", k.Path, builder.Describe("file or folder in the source"))).
		Env("NAMESPACE", t.Param("namespace", k.Namespace, builder.Describe("namespace of the objects"))).
		Env("KUSTOMIZE", t.Param("kustomize", k.Kustomize, builder.Default("false"),
			builder.Describe("true for a folder with a kustomization"))).
		Env("SERVER_SIDE", t.Param("server-side", k.ServerSide, builder.Default("true"),
			builder.Describe("true to let the API server merge"))).
		Env("DRY_RUN", t.Param("dry-run", k.DryRun, builder.Default("false"),
			builder.Describe("true to have everything checked and nothing kept"))).
		Env("TIMEOUT", t.Param("timeout", k.Timeout, builder.Default("5m"),
			builder.Describe("how long to wait for each rollout, as in 5m or 90s"))).
		Env("SOURCE", source.PathValue())
	bind(s, "KUBECONFIG", kubeconfig)
	rollout := t.ArrayParam("rollout", k.Rollout, builder.DefaultArray(),
		builder.Describe("what to wait for, KIND/NAME"))
	extra := t.ArrayParam("extra-args", k.ExtraArgs, builder.DefaultArray(),
		builder.Describe("further arguments of kubectl apply"))

	s.Env("RESULT_APPLIED", applied.PathValue()).
		Args(rollout.All(), next, extra.All()).
		Script(kubectlApplyScript)
	return Applied{t.PipelineTask(), applied.Value()}
}
