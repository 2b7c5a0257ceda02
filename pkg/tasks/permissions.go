package tasks

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
)

// commonPermissions returns permissions in a namespace to change the objects that
// deploys usually have, and the given resources of the core group, and to watch
// their pods.
func commonPermissions(change []string, core ...string) []rbacv1.PolicyRule {
	read := []string{"get", "list", "watch"}
	return []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: append(core, "configmaps", "services", "serviceaccounts", "persistentvolumeclaims"), Verbs: change},
		{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: read},
		{APIGroups: []string{"apps"}, Resources: []string{"deployments", "statefulsets", "daemonsets"}, Verbs: change},
		{APIGroups: []string{"apps"}, Resources: []string{"replicasets"}, Verbs: read},
		{APIGroups: []string{"batch"}, Resources: []string{"jobs", "cronjobs"}, Verbs: change},
		{APIGroups: []string{"autoscaling"}, Resources: []string{"horizontalpodautoscalers"}, Verbs: change},
		{APIGroups: []string{"networking.k8s.io"}, Resources: []string{"ingresses", "networkpolicies"}, Verbs: change},
		{APIGroups: []string{"policy"}, Resources: []string{"poddisruptionbudgets"}, Verbs: change},
	}
}

// usualGroup returns the group of one of these resources, and "" for others.
func usualGroup(resource string) string {
	for _, r := range commonPermissions(nil) {
		if slices.Contains(r.Resources, resource) {
			return r.APIGroups[0]
		}
	}
	return ""
}
