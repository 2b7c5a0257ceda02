package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// KustomizeApply applies a kustomization with the given images, and waits for
// rollouts. The files of the source are not changed. It does not delete objects.
//
//	builder.Add(p, "deploy", tasks.KustomizeApply{
//		Source: clone.Source, Path: "deploy/prod", Namespace: "prod",
//		Images:      builder.Strings("app=registry.example.com/app@" + img.Digest),
//		Rollout:     builder.Strings("deployment/app"),
//		Permissions: tasks.ApplyRules("deployments", "services"),
//	})
type KustomizeApply struct {
	// Path is the directory of the kustomization in Source. Its bases can be outside
	// of Source. Required.
	Path builder.String
	// Namespace is the namespace of the objects. An object that sets a different
	// namespace is an error. Required.
	Namespace builder.String
	// Images lists images to use, NAME=REFERENCE: builder.Strings("app=" + img.Reference).
	// NAME is the image in the manifests without its tag. REFERENCE alone is for the
	// image of the same name, so the references that [builder.Matrix.Collect] returns
	// can be used as they are. If a reference has a digest, its tag is not used. An image
	// that the manifests do not use, and an empty item, change nothing. Default: none.
	Images builder.Array
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

	// Source has the kustomization. It is mounted read-only. Required.
	Source builder.Workspace
	// Kubeconfig has a kubeconfig named config, kubeconfig or value, to use another
	// cluster or service account. Optional. Default: the pod's service account.
	Kubeconfig builder.Workspace

	// Permissions are all that the pod's service account may do in the namespace, for
	// the kinds of objects that the kustomization has: see [ApplyRules]. Default:
	// those of KubectlApply in the package documentation.
	Permissions []rbacv1.PolicyRule
	// ToolImage is the image of the step. It must have sh, awk, realpath and kubectl.
	// Default: the image of the catalogue.
	ToolImage string
}

// ApplyVerbs returns what kubectl apply and kubectl rollout status do with objects.
func ApplyVerbs() []string { return []string{"get", "list", "watch", "create", "patch"} }

// ApplyRules returns the RBAC rules that kubectl apply and kubectl rollout status need for
// resources. These are written as for kubectl: "services", "deployments.apps",
// "widgets.example.com". Those that KubectlApply may change by default need no group:
// "deployments" is "deployments.apps". See infra.RBAC.Named to restrict them to named
// objects.
func ApplyRules(resources ...string) []rbacv1.PolicyRule { return rulesFor(ApplyVerbs(), resources) }

func (k KustomizeApply) image() choice { return choice{k.ToolImage, kubectlImage} }

// TaskName returns kustomize-apply, with a suffix if the image is not the default.
func (k KustomizeApply) TaskName() string { return named("kustomize-apply", k.image()) }

// Define declares the task.
func (k KustomizeApply) Define(t *builder.Task) Applied {
	t.Describe("Applies a kustomization with other images and waits until it is rolled out.")
	source := t.Workspace("source", k.Source, builder.ReadOnly(), builder.Describe("the kustomization"))
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
		Env("KUSTOMIZATION", t.Param("path", k.Path, builder.Describe("directory of the kustomization in the source"))).
		Env("NAMESPACE", t.Param("namespace", k.Namespace, builder.Describe("namespace of the objects")))
	a.inputs(t, s)
	images := t.ArrayParam("images", k.Images, builder.DefaultArray(),
		builder.Describe("images to use, NAME=REFERENCE, or REFERENCE for the image of the same name"))
	rollout := t.ArrayParam("rollout", k.Rollout, builder.DefaultArray(),
		builder.Describe("rollouts to wait for, KIND/NAME, or all for those of all applied objects"))
	s.Env("RESULT_APPLIED", applied.PathValue()).
		Args(images.All(), next, rollout.All()).
		Script(kustomizeApplyScript)
	return Applied{t.PipelineTask(), applied.Value()}
}
