package params

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed param-unused.md
var paramUnusedText string

var paramUnused = &rule.Rule{
	Code:     "param-unused",
	Severity: diag.Warning,
	Topic:    "params",
	Text:     paramUnusedText,
	Needs:    []rule.Fact{rule.Objects, rule.Params, rule.Variables},
	Run: func(p *rule.Pass) {
		declarations(p, func(ps *facts.ParamScope) { unused(p, ps) })
		for _, t := range p.Entry.Templates() {
			unusedInTemplate(p, t)
		}
	},
}

func unused(p *rule.Pass, ps *facts.ParamScope) {
	first(ps, func(d *facts.Param) {
		if !d.Use().Used {
			p.Warning(d.Spot, d.Name, "param "+phrase.Quote(d.Name)+" of "+ps.Owner+" is never used", "use $(params."+d.Name+"), or remove it")
		}
	})
}

func unusedInTemplate(p *rule.Pass, t *facts.Template) {
	if len(t.Bodies) == 0 {
		return
	}
	for i := range t.Spec.Params {
		if name := t.Spec.Params[i].Name; name != "" && !t.UsedParams()[name] {
			p.Warning(t.Spot.Index("params", i), name, "param "+phrase.Quote(name)+" of "+t.Label+" is never used", "use $(tt.params."+name+"), or remove it")
		}
	}
}
