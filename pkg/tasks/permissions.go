package tasks

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// commonPermissions returns permissions in a namespace to change the objects that
// deploys usually have, and the given resources of the core group, and to watch
// their pods.
func commonPermissions(change []string, core ...string) []rbacv1.PolicyRule {
	read := watchVerbs()
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

func watchVerbs() []string { return []string{"get", "list", "watch"} }

// UsualResources returns the resources that HelmDeploy, HelmRollback, KubectlApply and
// KustomizeApply may change by default, as [HelmRules] and [ApplyRules] expect them.
func UsualResources() []string {
	const changed = "changed"
	var out []string
	for _, r := range commonPermissions([]string{changed}) {
		if r.Verbs[0] != changed {
			continue
		}
		for _, name := range r.Resources {
			if r.APIGroups[0] != "" {
				name += "." + r.APIGroups[0]
			}
			out = append(out, name)
		}
	}
	return out
}

// rulesFor returns rules with the verbs for resources, one for each group.
func rulesFor(verbs, resources []string) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for _, resource := range resources {
		name, group, ok := strings.Cut(resource, ".")
		if !ok {
			group = usualGroup(name)
		}
		at := slices.IndexFunc(rules, func(r rbacv1.PolicyRule) bool { return r.APIGroups[0] == group })
		if at < 0 {
			rules = append(rules, rbacv1.PolicyRule{APIGroups: []string{group}, Verbs: slices.Clone(verbs)})
			at = len(rules) - 1
		}
		if !slices.Contains(rules[at].Resources, name) {
			rules[at].Resources = append(rules[at].Resources, name)
		}
	}
	return rules
}
