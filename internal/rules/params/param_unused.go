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
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Params, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			unused(p, t.Params)
		}
		for _, s := range p.Entry.PipelineSpecs() {
			unused(p, s.Params)
		}
	},
}

func unused(p *rule.Pass, params *facts.ParamScope) {
	for _, d := range params.List {
		if params.Own(d.Name) == d && !d.Use().Used {
			p.Warning(d.Spot, d.Name, "param "+phrase.Quote(d.Name)+" of "+params.Owner+" is never used", "use $(params."+d.Name+") or drop it")
		}
	}
}
