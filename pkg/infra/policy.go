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

// rules reports rules that the API server refuses.
func (l *lowering) rules(at place, rules []rbacv1.PolicyRule, cluster bool) {
	if len(rules) == 0 {
		l.report(at, diag.Fields("rules"), "rule-missing", l.name, "the "+l.kind.Kind+" allows nothing", "give it a rule")
	}
	for i, r := range rules {
		path := diag.Fields("rules").Index(i)
		l.put(path, at)
		if message, help := brokenRule(r, cluster); message != "" {
			l.report(at, path, "rule-invalid", l.name, message, help)
		}
	}
}

// brokenRule tells why the API server refuses a rule, "" where it does not.
func brokenRule(r rbacv1.PolicyRule, cluster bool) (message, help string) {
	switch urls, kinds := len(r.NonResourceURLs) > 0, len(r.Resources) > 0 || len(r.APIGroups) > 0; {
	case len(r.Verbs) == 0:
		return "a rule has no verb", `list what it allows, such as "get"`
	case urls && !cluster:
		return "a rule of a namespace names the URL " + q(r.NonResourceURLs[0]) + ", which is in no namespace", "move it to an infra.NewClusterRole"
	case urls && kinds:
		return "a rule names both URLs and resources", "make two rules of it"
	case !urls && len(r.Resources) == 0:
		return "a rule has no resource", `list the plural names of its kinds, such as "deployments"`
	case !urls && len(r.APIGroups) == 0:
		return "a rule has no API group", `list the groups of its resources; "" is that of pods and Secrets`
	}
	return "", ""
}

// target is a kind of object in rules, and which of them: names, sorted and
// joined by separator, or "" for all.
type target struct{ group, resource, names string }

const separator = "\x00"

// merge turns rules for one namespace into one for each API group, set of verbs
// and set of names, in an order that depends on nothing else. What is allowed
// on all objects of a kind is not said again of some.
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

// verbOrder is how people write verbs; others follow in alphabetical order.
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

// uncovered returns what the first rule that needs more than the others allow
// needs: a verb on a resource.
func uncovered(have, need []rbacv1.PolicyRule) (verb, resource string, found bool) {
	has := func(list []string, x string) bool { return slices.Contains(list, x) || slices.Contains(list, "*") }
	allowed := func(group, resource, name, verb string) bool {
		return slices.ContainsFunc(have, func(h rbacv1.PolicyRule) bool {
			return has(h.APIGroups, group) && has(h.Resources, resource) && has(h.Verbs, verb) &&
				(len(h.ResourceNames) == 0 || name != "" && slices.Contains(h.ResourceNames, name))
		})
	}
	for _, n := range need {
		names := n.ResourceNames
		if len(names) == 0 {
			names = []string{""}
		}
		for _, group := range n.APIGroups {
			for _, resource := range n.Resources {
				for _, name := range names {
					for _, verb := range n.Verbs {
						if !allowed(group, resource, name, verb) {
							return verb, resource, true
						}
					}
				}
			}
		}
	}
	return "", "", false
}
