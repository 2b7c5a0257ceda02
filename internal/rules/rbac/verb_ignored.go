package rbac

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed verb-ignored.md
var verbIgnoredText string

var verbIgnored = &rule.Rule{
	Code:     "verb-ignored",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     verbIgnoredText,
	Kinds:    []string{"Role", "ClusterRole"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		rules, _ := p.Entry.PolicyRules()
		for i := range rules {
			r := &rules[i]
			if len(r.NonResourceURLs) > 0 || len(r.ResourceNames) == 0 || !slices.ContainsFunc(r.Resources, func(name string) bool { return !strings.Contains(name, "/") }) {
				continue
			}
			for j, verb := range r.Verbs {
				if verb == "create" || verb == "deletecollection" {
					p.Warning(p.At().Index("rules", i).Index("verbs", j), verb, "verb "+phrase.Quote(verb)+" has no effect in a rule with resourceNames, because a "+verb+" request has no object name when it is authorized", "move "+phrase.Quote(verb)+" to a rule without resourceNames")
				}
			}
		}
	},
}
