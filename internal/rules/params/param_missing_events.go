package params

import (
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/rule"
)

// unsupplied reports params of a template that no binding supplies.
func unsupplied(p *rule.Pass) {
	for _, t := range p.Entry.Triggers() {
		if _, complete := t.Supply(); !complete {
			continue
		}
		spec, at, label := t.TemplateOf()
		for _, i := range t.Unsupplied() {
			name := spec.Params[i].Name
			help := "supply it in a binding, or give it a default in the template"
			if near := t.Meant(name); near != "" {
				help = "the bindings supply " + phrase.Quote(near) + ": did you mean " + phrase.Quote(name) + "?"
			}
			p.Error(t.Spot.Field("bindings"), name, t.Label+" supplies no param "+phrase.Quote(name)+" of "+label+": $(tt.params."+name+") stays as it is",
				help, at.Index("params", i).Related("it is declared"))
		}
	}
}
