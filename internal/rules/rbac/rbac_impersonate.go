package rbac

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed rbac-impersonate.md
var rbacImpersonateText string

var rbacImpersonate = &rule.Rule{
	Code:     "rbac-impersonate",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     rbacImpersonateText,
	Kinds:    []string{"Role", "ClusterRole"},
	Needs:    []rule.Fact{rule.Objects, rule.RBAC},
	Run: func(p *rule.Pass) {
		if !concerns(p) {
			return
		}
		rules, _ := p.Entry.PolicyRules()
		for i := range rules {
			r := &rules[i]
			if j := slices.Index(r.Verbs, "impersonate"); j >= 0 && len(r.ResourceNames) == 0 && len(r.NonResourceURLs) == 0 {
				p.Warning(p.At().Index("rules", i).Index("verbs", j), p.Entry.Ref.Name, p.Entry.Ref.String()+" allows impersonation of any of "+strings.Join(r.Resources, ", ")+", because the rule has no resourceNames", "list the allowed names under resourceNames")
			}
		}
	},
}
