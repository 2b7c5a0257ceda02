package infra

import (
	"cmp"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/diag"
)

func copyRules(rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	out := make([]rbacv1.PolicyRule, len(rules))
	for i := range rules {
		rules[i].DeepCopyInto(&out[i])
	}
	return out
}

// rules reports rules that the API server rejects.
func (l *lowering) rules(at place, rules []rbacv1.PolicyRule, cluster bool) {
	if len(rules) == 0 {
		l.report(at, diag.Fields("rules"), "rule-missing", l.name, "the "+l.kind.Kind+" has no rules", "add a rule")
	}
	for i, r := range rules {
		path := diag.Fields("rules").Index(i)
		l.put(path, at)
		if message, help := brokenRule(r, cluster); message != "" {
			l.report(at, path, "rule-invalid", l.name, message, help)
		}
	}
}

// brokenRule returns why the API server rejects a rule, or "" if it does not.
func brokenRule(r rbacv1.PolicyRule, cluster bool) (message, help string) {
	switch urls, kinds := len(r.NonResourceURLs) > 0, len(r.Resources) > 0 || len(r.APIGroups) > 0; {
	case len(r.Verbs) == 0:
		return "a rule has no verbs", `add the allowed verbs, such as "get"`
	case urls && !cluster:
		return "a rule of a Role has the non-resource URL " + q(r.NonResourceURLs[0]) + ", which needs a ClusterRole", "move the rule to a ClusterRole made with infra.NewClusterRole"
	case urls && kinds:
		return "a rule has both non-resource URLs and resources", "split it into two rules"
	case !urls && len(r.Resources) == 0:
		return "a rule has no resources", `add the plural names of the resources, such as "deployments"`
	case !urls && len(r.APIGroups) == 0:
		return "a rule has no API groups", `add the API groups of the resources, such as "" for pods and Secrets`
	}
	return "", ""
}

// target is a resource in rules, and the names of objects, sorted and joined by
// separator, or "" for all objects.
type target struct{ group, resource, names string }

const separator = "\x00"

// merge combines the rules for one namespace into one rule for each API group, set
// of verbs and set of names, in a deterministic order. What is allowed for all
// objects of a kind is not repeated for single objects.
func merge(rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	verbs := map[target]map[string]bool{}
	for _, r := range rules {
		names := slices.Sorted(slices.Values(r.ResourceNames))
		for _, group := range r.APIGroups {
			for _, resource := range r.Resources {
				t := target{group, resource, strings.Join(slices.Compact(names), separator)}
				if verbs[t] == nil {
					verbs[t] = map[string]bool{}
				}
				for _, v := range r.Verbs {
					verbs[t][v] = true
				}
			}
		}
	}
	resources := map[target][]string{} // by group, verbs (in place of a resource) and names
	for t, set := range verbs {
		var list []string
		all := verbs[target{t.group, t.resource, ""}]
		for v := range set {
			if t.names == "" || !all[v] && !all[rbacv1.VerbAll] {
				list = append(list, v)
			}
		}
		if slices.Contains(list, rbacv1.VerbAll) {
			list = []string{rbacv1.VerbAll}
		}
		if len(list) > 0 {
			slices.SortFunc(list, compareVerbs)
			k := target{t.group, strings.Join(list, separator), t.names}
			resources[k] = append(resources[k], t.resource)
		}
	}
	var out []rbacv1.PolicyRule
	for k, list := range resources {
		slices.Sort(list)
		r := rbacv1.PolicyRule{APIGroups: []string{k.group}, Resources: list, Verbs: strings.Split(k.resource, separator)}
		if k.names != "" {
			r.ResourceNames = strings.Split(k.names, separator)
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b rbacv1.PolicyRule) int {
		return cmp.Or(slices.Compare(a.APIGroups, b.APIGroups), slices.Compare(a.Resources, b.Resources),
			slices.Compare(a.ResourceNames, b.ResourceNames), slices.Compare(a.Verbs, b.Verbs))
	})
	return out
}

// verbOrder is the usual order of verbs. Others follow in alphabetical order.
var verbOrder = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"}

func compareVerbs(a, b string) int {
	rank := func(v string) int {
		if i := slices.Index(verbOrder, v); i >= 0 {
			return i
		}
		return len(verbOrder)
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}
