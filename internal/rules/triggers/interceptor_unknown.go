package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed interceptor-unknown.md
var interceptorUnknownText string

var interceptorUnknown = &rule.Rule{
	Code:     "interceptor-unknown",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     interceptorUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		misspelled(p)
		lookup.Unknown(p, "ClusterInterceptor", "Interceptor")
	},
}

// misspelled reports references to ClusterInterceptors with a name that is similar
// to an existing one, or to one that comes with Tekton Triggers.
func misspelled(p *rule.Pass) {
	severity := diag.Warning
	if p.Profile.Complete {
		severity = diag.Error
	}
	all := p.Entry.Needs()
	for i := range all {
		n := &all[i]
		if n.Kind != "ClusterInterceptor" || p.Set.Find(n.Kind, "", n.Name, p.Entry) != nil || p.Profile.HasObject(n.Kind, "", n.Name) {
			continue
		}
		if near := lookup.NearInterceptor(p, n.Name); near != "" {
			p.Add(n.Spot, severity, n.Name, "ClusterInterceptor "+phrase.Quote(n.Name)+" is not among the checked objects, and does not come with Tekton Triggers: if it is not in the cluster either, every event is rejected",
				"did you mean "+phrase.Quote(near)+"?")
		}
	}
}
