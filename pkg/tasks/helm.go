package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// target is what the tasks that run helm take alike.
type target struct {
	release, namespace, wait, timeout builder.String
	kubeconfig                        builder.Workspace
	permissions                       []rbacv1.PolicyRule
}

// step adds the step that has these inputs in its environment. Without a
// kubeconfig the pod's account does the work, and needs the rights to.
func (h target) step(t *builder.Task, name string, image builder.TaskString) *builder.Step {
	kubeconfig := t.Workspace("kubeconfig", h.kubeconfig, builder.Optional(), builder.ReadOnly(),
		builder.Describe("config, kubeconfig or value: the cluster to deploy to"))
	if !h.kubeconfig.IsSet() {
		t.RequirePermissions(h.namespace, append(helmPermissions(), h.permissions...)...)
	}
	s := t.Step(name).Image(image).
		Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("RELEASE", t.Param("release", h.release, builder.Describe("name of the release"))).
		Env("NAMESPACE", t.Param("namespace", h.namespace, builder.Describe("namespace of the release"))).
		Env("WAIT", t.Param("wait", h.wait, builder.Default("true"),
			builder.Describe("true to wait until the objects are ready"))).
		Env("TIMEOUT", t.Param("timeout", h.timeout, builder.Default("5m"),
			builder.Describe("how long to wait, as in 5m or 90s")))
	bind(s, "KUBECONFIG", kubeconfig)
	return s
}

// helmPermissions is what helm needs in a namespace: its own storage, in secrets,
// and the objects that charts commonly hold.
func helmPermissions() []rbacv1.PolicyRule {
	return commonPermissions([]string{"get", "list", "watch", "create", "update", "patch", "delete"}, "secrets")
}
