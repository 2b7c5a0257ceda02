package rbac

import (
	"maps"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// verdict describes what is wrong with a resource in a rule. At most one of its fields
// is set.
type verdict struct {
	removed      string   // that the resource was removed, in words
	group        *string  // the API group that it belongs to
	subresources []string // its existing subresources
	near         string   // the most similar resource
}

// apiGroups are the API groups of a rule.
type apiGroups struct {
	list      []string // without repetitions
	has       map[string]bool
	known     bool     // all of their resources are listed here
	resources []string // the known ones
}

// groupsOf returns the API groups of a rule.
func groupsOf(r *rbacv1.PolicyRule) apiGroups {
	in := apiGroups{has: make(map[string]bool, len(r.APIGroups)), known: true}
	for _, g := range r.APIGroups {
		if in.has[g] {
			continue
		}
		in.has[g] = true
		in.list = append(in.list, g)
		in.known = in.known && groups[g] != nil
		in.resources = append(in.resources, groups[g]...)
	}
	return in
}

// resource returns what is wrong with a resource in a rule for the API groups.
func (in *apiGroups) resource(name string) verdict {
	base, sub, hasSub := strings.Cut(name, "/")
	if base == "*" || base == "" || in.has["*"] || tekref.Contains(name) || len(in.list) == 0 {
		return verdict{}
	}
	if group, why := removedResource(base); why != "" && (in.has[group] || group == "policy" && in.has["extensions"]) {
		return verdict{removed: why}
	}
	var of []string
	for _, g := range groupNames {
		if slices.Contains(groups[g], base) {
			of = append(of, g)
		}
	}
	switch {
	case slices.ContainsFunc(of, func(g string) bool { return in.has[g] }):
		if subs := subresources[base]; hasSub && subs != nil && !slices.Contains(subs, sub) && sub != "*" {
			return verdict{subresources: subs}
		}
		return verdict{}
	case len(of) > 0 && in.known:
		return verdict{group: &of[0]}
	case len(of) > 0 || !in.known:
		return verdict{}
	}
	return verdict{near: nearResource(base, in.resources)}
}

// nearResource returns the resource that a name most likely means. Resources are plural
// and in lower case.
func nearResource(name string, all []string) string {
	for _, r := range all {
		if strings.EqualFold(name, r) || strings.EqualFold(name+"s", r) || strings.EqualFold(name+"es", r) {
			return r
		}
	}
	return suggest.Name(name, all)
}

// String returns the API groups as alternatives: "apps" or "batch".
func (in *apiGroups) String() string {
	out := make([]string, len(in.list))
	for i, g := range in.list {
		out[i] = phrase.Quote(g)
	}
	return strings.Join(out, " or ")
}

// removedResource returns the API group of a removed resource, and a sentence about its
// removal; "" for others.
func removedResource(name string) (group, why string) {
	switch name {
	case "pipelineresources":
		return "tekton.dev", "Tekton no longer has PipelineResources"
	case "clustertasks":
		return "tekton.dev", "Tekton no longer has ClusterTasks"
	case "conditions":
		return "tekton.dev", "Tekton no longer has Conditions"
	case "runs":
		return "tekton.dev", "Tekton has replaced Runs with CustomRuns"
	case "podsecuritypolicies":
		return "policy", "Kubernetes has no PodSecurityPolicies since version 1.25"
	}
	return "", ""
}

var subresources = map[string][]string{
	"pods": {"log", "exec", "attach", "portforward", "proxy", "status", "eviction", "binding", "ephemeralcontainers", "resize"},
}

// groupNames are the names of the groups, sorted.
var groupNames = slices.Sorted(maps.Keys(groups))

// groups maps the API groups that CI/CD mostly uses to their resources.
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
