package check

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// rules checks what a Role or ClusterRole allows.
func (c *checker) rules(e *entry, rules []rbacv1.PolicyRule) {
	s := in(e, "")
	if o, ok := e.kube.(*rbacv1.ClusterRole); len(rules) == 0 && (!ok || o.AggregationRule == nil) {
		c.warn(s.field("rules"), "role-empty", e.ref.Name, e.ref.String()+" allows nothing", "add rules, or drop it")
	}
	for i := range rules {
		at := s.index("rules", i)
		c.rule(at, &rules[i])
		c.wideRule(at, &rules[i])
	}
}

func (c *checker) rule(s spot, r *rbacv1.PolicyRule) {
	lacks := func(what, help string) {
		c.fail(s, "rule-invalid", what, "a rule of "+s.ref.String()+" has no "+what, help)
	}
	if len(r.Verbs) == 0 {
		lacks("verbs", "list what it allows: get, list, watch, create")
	}
	if len(r.NonResourceURLs) > 0 {
		switch {
		case s.ref.Kind == "Role":
			c.fail(s.field("nonResourceURLs"), "rule-invalid", r.NonResourceURLs[0], "a Role allows no nonResourceURLs, which are of no namespace", "make it a ClusterRole")
		case len(r.APIGroups)+len(r.Resources)+len(r.ResourceNames) > 0:
			c.fail(s, "rule-invalid", r.NonResourceURLs[0], "a rule of "+s.ref.String()+" has both nonResourceURLs and resources", "make two rules of it")
		}
		return
	}
	if len(r.APIGroups) == 0 {
		lacks("apiGroups", `list the API groups of its resources: "" is the core one`)
	}
	if len(r.Resources) == 0 {
		lacks("resources", "list what it is about")
	}
	c.verbs(s, r)
	for i, name := range r.Resources {
		c.resource(s.index("resources", i), r.APIGroups, name)
	}
	for i, g := range r.APIGroups {
		if group, version, ok := strings.Cut(g, "/"); ok && version != "" {
			c.warn(s.index("apiGroups", i), "resource-group", g, "the API group "+q(g)+" has a version in it, so the rule never matches", "write "+q(group))
		} else if g == "v1" || g == "core" {
			c.warn(s.index("apiGroups", i), "resource-group", g, "there is no API group "+q(g)+", so the rule never matches", `the core group is ""`)
		} else if near := nearest(g, sortedKeys(groups)); groups[g] == nil && near != "" && len(g) > 3 {
			c.warn(s.index("apiGroups", i), "resource-group", g, "the API group "+q(g)+" is none of Kubernetes' own or Tekton's, but nearly", "did you mean "+q(near)+"?")
		}
	}
	if len(r.ResourceNames) > 0 {
		c.namedVerbs(s, r)
	}
}

var knownVerbs = []string{
	"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "impersonate", "bind", "escalate", "use", "approve", "sign", "attest",
}

// verbHelp is for words that people take for verbs.
var verbHelp = map[string]string{
	"read": "write get, list and watch", "view": "write get, list and watch", "write": "write create, update, patch and delete",
	"edit": "write update and patch", "modify": "write update and patch", "apply": "write get, create and patch", "remove": "write delete", "exec": "write create, on pods/exec",
	"execute": "write create, on pods/exec", "all": "list the verbs", "post": "write create", "put": "write update", "add": "write create", "run": "write create",
}

// verbs warns of verbs that nothing is ever asked for.
func (c *checker) verbs(s spot, r *rbacv1.PolicyRule) {
	for i, verb := range r.Verbs {
		if verb == "*" || slices.Contains(knownVerbs, verb) || tekref.Contains(verb) {
			continue
		}
		help := verbHelp[strings.ToLower(verb)]
		if near := nearest(verb, knownVerbs); near != "" && help == "" {
			help = "did you mean " + q(near) + "?"
		}
		if help == "" && !slices.ContainsFunc(r.APIGroups, func(g string) bool { return groups[g] != nil }) {
			continue // one of another API's own
		}
		if help == "" {
			help = oneOf(verb, knownVerbs[:8])
		}
		c.warn(s.index("verbs", i), "verb-unknown", verb, "there is no verb "+q(verb)+", so the rule allows nothing by it", help)
	}
}

// namedVerbs warns of verbs that are asked for without a name, where a rule is
// about named objects only.
func (c *checker) namedVerbs(s spot, r *rbacv1.PolicyRule) {
	plain := slices.ContainsFunc(r.Resources, func(name string) bool { return !strings.Contains(name, "/") })
	for i, verb := range r.Verbs {
		if plain && (verb == "create" || verb == "deletecollection") {
			c.warn(s.index("verbs", i), "verb-ignored", verb, "a rule with resourceNames never allows to "+verb+", which names no object", "move "+verb+" to a rule without resourceNames")
		}
	}
}

// resource warns of a resource that no API group of a rule has.
func (c *checker) resource(s spot, in []string, name string) {
	base, sub, hasSub := strings.Cut(name, "/")
	if base == "*" || base == "" || slices.Contains(in, "*") || tekref.Contains(name) || len(in) == 0 {
		return
	}
	if group, why := removedResource(base); why != "" && (slices.Contains(in, group) || group == "policy" && slices.Contains(in, "extensions")) {
		c.warn(s, "resource-removed", name, why, "drop it")
		return
	}
	var of []string
	for _, g := range sortedKeys(groups) {
		if slices.Contains(groups[g], base) {
			of = append(of, g)
		}
	}
	switch {
	case slices.ContainsFunc(of, func(g string) bool { return slices.Contains(in, g) }):
		if subs := subresources[base]; hasSub && subs != nil && !slices.Contains(subs, sub) && sub != "*" {
			c.warn(s, "resource-unknown", name, q(base)+" has no subresource "+q(sub)+", so the rule never matches it", oneOf(sub, subs))
		}
		return
	case len(of) > 0 && known(in):
		c.warn(s, "resource-group", name, q(base)+" is not of API group "+eitherOf(in)+", so the rule never matches it", "its API group is "+q(of[0]))
		return
	case len(of) > 0 || !known(in):
		return
	}
	var all []string
	for _, g := range in {
		all = append(all, groups[g]...)
	}
	if near := nearResource(base, all); near != "" {
		c.warn(s, "resource-unknown", name, "API group "+eitherOf(in)+" has no resource "+q(base)+", so the rule never matches it", "did you mean "+q(near)+"?")
	}
}

// nearResource is what a resource was likely meant to be: names are plural and
// in lower case.
func nearResource(name string, all []string) string {
	for _, r := range all {
		if strings.EqualFold(name, r) || strings.EqualFold(name+"s", r) || strings.EqualFold(name+"es", r) {
			return r
		}
	}
	return nearest(name, all)
}

// known reports whether all resources of the API groups are known.
func known(in []string) bool {
	return !slices.ContainsFunc(in, func(g string) bool { return groups[g] == nil })
}

// eitherOf joins API groups.
func eitherOf(groups []string) string {
	out := make([]string, len(groups))
	for i, g := range groups {
		out[i] = q(g)
	}
	return strings.Join(out, " or ")
}

// removedResource says of which API group a resource was, and since when it is
// gone.
func removedResource(name string) (group, why string) {
	switch name {
	case "pipelineresources":
		return "tekton.dev", "Tekton has no PipelineResources any more"
	case "clustertasks":
		return "tekton.dev", "Tekton has no ClusterTasks any more"
	case "conditions":
		return "tekton.dev", "Tekton has no Conditions any more"
	case "runs":
		return "tekton.dev", "Tekton has no Runs any more: they became CustomRuns"
	case "podsecuritypolicies":
		return "policy", "Kubernetes has no PodSecurityPolicies since 1.25"
	}
	return "", ""
}

var subresources = map[string][]string{
	"pods": {"log", "exec", "attach", "portforward", "proxy", "status", "eviction", "binding", "ephemeralcontainers", "resize"},
}

// groups are the resources of the API groups that CI/CD is mostly about.
var groups = map[string][]string{
	"": {
		"pods", "services", "secrets", "configmaps", "serviceaccounts", "namespaces", "nodes", "events", "endpoints", "persistentvolumeclaims", "persistentvolumes",
		"replicationcontrollers", "limitranges", "resourcequotas", "podtemplates", "bindings", "componentstatuses", "users", "groups", "userextras",
	},
	"apps":                      {"deployments", "statefulsets", "daemonsets", "replicasets", "controllerrevisions"},
	"batch":                     {"jobs", "cronjobs"},
	"autoscaling":               {"horizontalpodautoscalers"},
	"policy":                    {"poddisruptionbudgets"},
	"networking.k8s.io":         {"ingresses", "ingressclasses", "networkpolicies", "ipaddresses", "servicecidrs"},
	"rbac.authorization.k8s.io": {"roles", "rolebindings", "clusterroles", "clusterrolebindings"},
	"tekton.dev":                {"tasks", "taskruns", "pipelines", "pipelineruns", "customruns", "stepactions", "verificationpolicies"},
	"resolution.tekton.dev":     {"resolutionrequests"},
	"triggers.tekton.dev": {
		"eventlisteners", "triggerbindings", "clustertriggerbindings", "triggertemplates", "triggers", "interceptors", "clusterinterceptors",
	},
}
