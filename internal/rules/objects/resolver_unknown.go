package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed resolver-unknown.md
var resolverUnknownText string

var resolverUnknown = &rule.Rule{
	Code:     "resolver-unknown",
	Severity: diag.Warning,
	Topic:    "objects",
	Text:     resolverUnknownText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		refs := p.Entry.Refs()
		for i := range refs {
			r := &refs[i]
			if r.Name != "" || r.Resolver == "" {
				continue
			}
			if _, ok := r.Known(); ok {
				continue
			}
			if near := suggest.Name(r.Resolver, facts.ResolverNames()); near != "" {
				p.Warning(r.Spot.Field("resolver"), r.Resolver, "Tekton has no resolver "+phrase.Quote(r.Resolver), "did you mean "+phrase.Quote(near)+"?")
			}
		}
	},
}
