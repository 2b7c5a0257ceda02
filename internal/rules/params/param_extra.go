package params

import (
	_ "embed"
	"maps"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed param-extra.md
var paramExtraText string

var paramExtra = &rule.Rule{
	Code:     "param-extra",
	Severity: diag.Warning,
	Topic:    "params",
	Text:     paramExtraText,
	Needs:    []rule.Fact{rule.Objects, rule.Passing, rule.Events},
	Run: func(p *rule.Pass) {
		passings(p, func(in *facts.Passing, r *reporter) {
			in.Each(func(i int, v *v1.Param, target *facts.Param) {
				if target == nil && !facts.IsUnset(&v.Value) {
					extraParam(in, r, in.Spot(i), v.Name)
				}
			})
			for _, name := range slices.Sorted(maps.Keys(in.Matrix)) {
				if in.Target.Own(name) == nil {
					extraParam(in, r, in.Matrix[name], name)
				}
			}
		})
		for _, r := range p.Entry.Refs() {
			resolverExtra(p, &r)
		}
		unusedOfEvent(p)
	},
}

// extraParam reports a value for a param that is not declared. If the name looks like
// a misspelled one of a missing param, param-missing reports it.
func extraParam(in *facts.Passing, r *reporter, s facts.Spot, name string) {
	if in.Signed || in.Meant(name) != nil {
		return
	}
	verb := "does not declare, so it is ignored"
	switch {
	case in.Extra == diag.Error:
		verb = "does not declare"
	case in.Embedded:
		verb = "neither declares nor uses, so it is ignored"
	}
	r.report(s, in.Extra, name, in.From+" sets param "+phrase.Quote(name)+", which "+phrase.Its(in.From, in.Target.Owner)+" "+verb,
		phrase.Suggest(name, in.Unset(), "remove it, or declare it")).Misspelled(name, in.Unset())
}

// resolverExtra reports params that one of Tekton's own resolvers does not have.
func resolverExtra(p *rule.Pass, r *facts.Ref) {
	known, ok := r.Known()
	if !ok {
		return
	}
	for i := range r.Params {
		if name := r.Params[i].Name; !slices.Contains(known.All(), name) && r.Meant(name) == "" {
			p.Warning(r.Spot.Index("params", i).Field("name"), name, "the "+r.Resolver+" resolver has no param "+phrase.Quote(name)+", so it is ignored", phrase.OneOf(name, known.All())).Misspelled(name, known.All())
		}
	}
}
