package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// target is the inputs that all tasks that run helm have.
type target struct {
	release, namespace, wait, timeout builder.String
	kubeconfig                        builder.Workspace
	permissions                       []rbacv1.PolicyRule
}

// step adds a step with these inputs in its environment. Without a kubeconfig,
// helm uses the pod's service account, which needs permissions.
func (h target) step(t *builder.Task, name string, image builder.TaskString) *builder.Step {
	kubeconfig := kubeconfigOf(t, h.kubeconfig)
	if !h.kubeconfig.IsSet() {
		permissions := h.permissions
		if len(permissions) == 0 {
			permissions = commonPermissions(helmVerbs(), "secrets")
		}
		t.RequirePermissions(h.namespace, permissions...)
	}
	s := t.Step(name).Image(image).
		Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("RELEASE", t.Param("release", h.release, builder.Describe("name of the release"))).
		Env("NAMESPACE", t.Param("namespace", h.namespace, builder.Describe("namespace of the release"))).
		Env("WAIT", t.Param("wait", h.wait, builder.Default("true"),
			builder.Describe("true to wait until the objects are ready"))).
		Env("TIMEOUT", t.Param("timeout", h.timeout, builder.Default("5m"),
			builder.Describe("how long to wait, such as 5m or 90s")))
	bind(s, "KUBECONFIG", kubeconfig)
	return s
}

// helmVerbs returns what helm does with the objects of a chart, and with the secrets in which
// it stores releases.
func helmVerbs() []string {
	return []string{"get", "list", "watch", "create", "update", "patch", "delete"}
}

// HelmRules returns the RBAC rules that helm needs for a chart with objects of these kinds:
// to create, change and delete them, to store its releases in secrets, and to wait until the
// objects are ready. The resources are written as for [ApplyRules]. For a chart that has another
// kind in addition to the usual ones:
//
//	Permissions: tasks.HelmRules(append(tasks.UsualResources(), "widgets.example.com")...)
func HelmRules(resources ...string) []rbacv1.PolicyRule {
	return append(rulesFor(helmVerbs(), append([]string{"secrets"}, resources...)), rulesFor(watchVerbs(), []string{"pods", "replicasets"})...)
}
