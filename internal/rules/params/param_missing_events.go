package params

import (
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/rule"
)

// unsupplied reports params of a template that no binding sets.
func unsupplied(p *rule.Pass) {
	for _, t := range p.Entry.Triggers() {
		if _, complete := t.Supply(); !complete {
			continue
		}
		spec, at, label := t.TemplateOf()
		for _, i := range t.Unsupplied() {
			name := spec.Params[i].Name
			help := "set it in a binding; a default in the template would be the same for every event"
			if near := t.Meant(name); near != "" {
				help = "did you mean " + phrase.Quote(name) + " instead of " + phrase.Quote(near) + "?"
			}
			p.Error(t.Spot.Field("bindings"), name, t.Label+" does not set param "+phrase.Quote(name)+" of "+phrase.Its(t.Label, label)+"; $(tt.params."+name+") is passed on unreplaced",
				help, at.Index("params", i).Related(phrase.Its(t.Label, label)+" declares it without a default"))
		}
	}
}
