package rbac

import (
	_ "embed"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed resource-group.md
var resourceGroupText string

var resourceGroup = &rule.Rule{
	Code:     "resource-group",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     resourceGroupText,
	Kinds:    []string{"Role", "ClusterRole"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		rules, _ := p.Entry.PolicyRules()
		for i := range rules {
			if r := &rules[i]; len(r.NonResourceURLs) == 0 {
				resourceGroups(p, p.At().Index("rules", i), r)
			}
		}
	},
}

// resourceGroups reports API groups that do not exist, and resources that belong to
// another group.
func resourceGroups(p *rule.Pass, s facts.Spot, r *rbacv1.PolicyRule) {
	in := groupsOf(r)
	for i, name := range r.Resources {
		if verdict := in.resource(name); verdict.group != nil {
			base, _, _ := strings.Cut(name, "/")
			p.Warning(s.Index("resources", i), name, phrase.Quote(base)+" does not belong to API group "+in.String()+", so the rule grants nothing for it", "list "+phrase.Quote(name)+" in a rule with API group "+phrase.Quote(*verdict.group))
		}
	}
	for i, g := range r.APIGroups {
		at := s.Index("apiGroups", i)
		if group, version, ok := strings.Cut(g, "/"); ok && version != "" {
			p.Warning(at, g, "API group "+phrase.Quote(g)+" includes a version, so the rule never matches", "use "+phrase.Quote(group))
		} else if g == "v1" || g == "core" {
			p.Warning(at, g, "there is no API group "+phrase.Quote(g)+", so the rule never matches", `use "" for the core group`)
		} else if near := suggest.Name(g, groupNames); groups[g] == nil && near != "" && len(g) > 3 {
			p.Warning(at, g, "API group "+phrase.Quote(g)+" belongs neither to Kubernetes nor to Tekton", "did you mean "+phrase.Quote(near)+"?")
		}
	}
}
