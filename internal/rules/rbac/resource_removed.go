package rbac

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed resource-removed.md
var resourceRemovedText string

var resourceRemoved = &rule.Rule{
	Code:     "resource-removed",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     resourceRemovedText,
	Kinds:    []string{"Role", "ClusterRole"},
	Needs:    []rule.Fact{rule.Objects, rule.RBAC},
	Run: func(p *rule.Pass) {
		if !concerns(p) {
			return
		}
		rules, _ := p.Entry.PolicyRules()
		for i := range rules {
			if r := &rules[i]; len(r.NonResourceURLs) == 0 {
				in := groupsOf(r)
				for j, name := range r.Resources {
					if verdict := in.resource(name); verdict.removed != "" {
						p.Warning(p.At().Index("rules", i).Index("resources", j), name, verdict.removed, "remove "+phrase.Quote(name)+" from the rule")
					}
				}
			}
		}
	},
}
