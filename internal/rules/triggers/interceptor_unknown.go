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
		misspelt(p)
		lookup.Unknown(p, "ClusterInterceptor", "Interceptor")
	},
}

// misspelt reports ClusterInterceptors whose name is nearly that of one which is
// there, or which comes with Tekton Triggers.
func misspelt(p *rule.Pass) {
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
			p.Add(n.Spot, severity, n.Name, "there is no interceptor "+phrase.Quote(n.Name)+" among the objects, and none comes with Tekton Triggers: every event is refused without it",
				"did you mean "+phrase.Quote(near)+"?")
		}
	}
}
