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

// verbHelp maps words that people mistake for verbs to the help.
var verbHelp = map[string]string{
	"read": "use get, list and watch", "view": "use get, list and watch", "write": "use create, update, patch and delete",
	"edit": "use update and patch", "modify": "use update and patch", "apply": "use get, create and patch", "remove": "use delete", "exec": "use create, on pods/exec",
	"execute": "use create, on pods/exec", "all": "list the verbs", "post": "use create", "put": "use update", "add": "use create", "run": "use create",
}

// verbs reports verbs that do not exist.
func verbs(p *rule.Pass, s facts.Spot, r *rbacv1.PolicyRule) {
	known := slices.ContainsFunc(r.APIGroups, func(g string) bool { return groups[g] != nil })
	for i, verb := range r.Verbs {
		if verb == "*" || slices.Contains(knownVerbs, verb) || tekref.Contains(verb) {
			continue
		}
		help := verbHelp[strings.ToLower(verb)]
		if near := suggest.Name(verb, knownVerbs); near != "" && help == "" {
			help = "did you mean " + phrase.Quote(near) + "?"
		}
		if help == "" && !known {
			continue // it may be a special verb of another API
		}
		if help == "" {
			help = phrase.OneOf(verb, knownVerbs[:8])
		}
		p.Warning(s.Index("verbs", i), verb, "verb "+phrase.Quote(verb)+" does not exist, so it allows nothing", help)
	}
}
