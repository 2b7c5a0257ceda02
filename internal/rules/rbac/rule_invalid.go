package rbac

import (
	_ "embed"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed rule-invalid.md
var ruleInvalidText string

var ruleInvalid = &rule.Rule{
	Code:     "rule-invalid",
	Severity: diag.Error,
	Topic:    "rbac",
	Text:     ruleInvalidText,
	Kinds:    []string{"Role", "ClusterRole"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		rules, _ := p.Entry.PolicyRules()
		for i := range rules {
			policyRule(p, p.At().Index("rules", i), &rules[i])
		}
	},
}

func policyRule(p *rule.Pass, s facts.Spot, r *rbacv1.PolicyRule) {
	lacks := func(what, help string) { p.Error(s, what, "a rule of "+p.Entry.Ref.String()+" has no "+what, help) }
	if len(r.Verbs) == 0 {
		lacks("verbs", "list the allowed verbs: get, list, watch, create")
	}
	if len(r.NonResourceURLs) > 0 {
		switch {
		case p.Entry.Ref.Kind == "Role":
			p.Error(s.Field("nonResourceURLs"), r.NonResourceURLs[0], "a Role cannot allow nonResourceURLs, which are not namespaced", "use a ClusterRole")
		case len(r.APIGroups)+len(r.Resources)+len(r.ResourceNames) > 0:
			p.Error(s, r.NonResourceURLs[0], "a rule of "+p.Entry.Ref.String()+" has both nonResourceURLs and resources", "split it into two rules")
		}
		return
	}
	if len(r.APIGroups) == 0 {
		lacks("apiGroups", `list the API groups of its resources: "" is the core group`)
	}
	if len(r.Resources) == 0 {
		lacks("resources", "list its resources")
	}
}
