package rbac

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed resource-unknown.md
var resourceUnknownText string

var resourceUnknown = &rule.Rule{
	Code:     "resource-unknown",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     resourceUnknownText,
	Kinds:    []string{"Role", "ClusterRole"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		rules, _ := p.Entry.PolicyRules()
		for i := range rules {
			if r := &rules[i]; len(r.NonResourceURLs) == 0 {
				in := groupsOf(r)
				for j, name := range r.Resources {
					verdict := in.resource(name)
					at := p.At().Index("rules", i).Index("resources", j)
					base, sub, _ := strings.Cut(name, "/")
					switch {
					case verdict.subresources != nil:
						p.Warning(at, name, phrase.Quote(base)+" has no subresource "+phrase.Quote(sub)+", so the rule never matches", phrase.OneOf(sub, verdict.subresources)).Misspelled(sub, verdict.subresources)
					case verdict.near != "":
						p.Warning(at, name, "API group "+in.String()+" has no resource "+phrase.Quote(base)+", so the rule never matches", "did you mean "+phrase.Quote(verdict.near)+"?")
					}
				}
			}
		}
	},
}
