package rbac

import (
	_ "embed"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed verb-unknown.md
var verbUnknownText string

var verbUnknown = &rule.Rule{
	Code:     "verb-unknown",
	Severity: diag.Warning,
	Topic:    "rbac",
	Text:     verbUnknownText,
	Kinds:    []string{"Role", "ClusterRole"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		rules, _ := p.Entry.PolicyRules()
		for i := range rules {
			if r := &rules[i]; len(r.NonResourceURLs) == 0 {
				verbs(p, p.At().Index("rules", i), r)
			}
		}
	},
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

// verbs reports verbs that nothing is ever asked for.
func verbs(p *rule.Pass, s facts.Spot, r *rbacv1.PolicyRule) {
	for i, verb := range r.Verbs {
		if verb == "*" || slices.Contains(knownVerbs, verb) || tekref.Contains(verb) {
			continue
		}
		help := verbHelp[strings.ToLower(verb)]
		if near := suggest.Name(verb, knownVerbs); near != "" && help == "" {
			help = "did you mean " + phrase.Quote(near) + "?"
		}
		if help == "" && !slices.ContainsFunc(r.APIGroups, func(g string) bool { return groups[g] != nil }) {
			continue // one of another API's own
		}
		if help == "" {
			help = phrase.OneOf(verb, knownVerbs[:8])
		}
		p.Warning(s.Index("verbs", i), verb, "there is no verb "+phrase.Quote(verb)+", so the rule allows nothing by it", help)
	}
}
