package rbac

import (
	"maps"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// verdict says what is wrong with a resource in a rule; at most one of its fields
// is set.
type verdict struct {
	removed      string   // why the resource is gone
	group        *string  // the API group that it is of
	subresources []string // those that it has
	near         string   // what it was most likely meant to be
}

// resource says what is wrong with a resource in a rule for some API groups.
func resource(in []string, name string) verdict {
	base, sub, hasSub := strings.Cut(name, "/")
	if base == "*" || base == "" || slices.Contains(in, "*") || tekref.Contains(name) || len(in) == 0 {
		return verdict{}
	}
	if group, why := removedResource(base); why != "" && (slices.Contains(in, group) || group == "policy" && slices.Contains(in, "extensions")) {
		return verdict{removed: why}
	}
	var of []string
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		if slices.Contains(groups[g], base) {
			of = append(of, g)
		}
	}
	switch {
	case slices.ContainsFunc(of, func(g string) bool { return slices.Contains(in, g) }):
		if subs := subresources[base]; hasSub && subs != nil && !slices.Contains(subs, sub) && sub != "*" {
			return verdict{subresources: subs}
		}
		return verdict{}
	case len(of) > 0 && known(in):
		return verdict{group: &of[0]}
	case len(of) > 0 || !known(in):
		return verdict{}
	}
	var all []string
	for _, g := range in {
		all = append(all, groups[g]...)
	}
	return verdict{near: nearResource(base, all)}
}

// nearResource is what a resource was likely meant to be: names are plural and in
// lower case.
func nearResource(name string, all []string) string {
	for _, r := range all {
		if strings.EqualFold(name, r) || strings.EqualFold(name+"s", r) || strings.EqualFold(name+"es", r) {
			return r
		}
	}
	return suggest.Name(name, all)
}

// known reports whether all resources of the API groups are known.
func known(in []string) bool {
	return !slices.ContainsFunc(in, func(g string) bool { return groups[g] == nil })
}

// eitherOf joins API groups.
func eitherOf(groups []string) string {
	out := make([]string, len(groups))
	for i, g := range groups {
		out[i] = phrase.Quote(g)
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
