package params

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed param-missing.md
var paramMissingText string

var paramMissing = &rule.Rule{
	Code:     "param-missing",
	Severity: diag.Error,
	Topic:    "params",
	Text:     paramMissingText,
	Needs:    []rule.Fact{rule.Objects, rule.Passing, rule.Events},
	Run: func(p *rule.Pass) {
		passings(p, func(in *facts.Passing, r *reporter) {
			var rest []string
			n := 0
			in.Defaulted(func(target *facts.Param) {
				switch {
				case target.Default != nil:
				case n < mostMissing:
					n++
					missing(in, r, target)
				default:
					rest = append(rest, target.Name)
				}
			})
			if len(rest) > 0 {
				r.report(in.Missing, diag.Error, "", in.From+" does not set "+phrase.Count(len(rest), "more param")+" of "+phrase.Its(in.From, in.Target.Owner), "set them, or give them defaults: "+phrase.AllOf(rest[:min(len(rest), mostMissing)]))
			}
		})
		unsupplied(p)
	},
}

// mostMissing is the number of missing params of one object that are reported one by one. A
// task with very many may be used very often.
const mostMissing = 20

func missing(in *facts.Passing, r *reporter, target *facts.Param) {
	name := phrase.Quote(target.Name)
	at, help := in.Missing, "set param "+name+", or give it a default"
	near := suggest.Name(target.Name, in.Unclaimed())
	if near != "" {
		at, help = in.Named(near), "did you mean "+name+" instead of "+phrase.Quote(near)+"?"
	}
	r.report(at, diag.Error, target.Name, in.From+" does not set param "+name+" of "+phrase.Its(in.From, in.Target.Owner), help,
		target.Spot.Related(in.Target.Owner+" declares it without a default")).Meant(near, target.Name)
}
