package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/jsonpath"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed binding-key.md
var bindingKeyText string

var bindingKey = &rule.Rule{
	Code:     "binding-key",
	Severity: diag.Warning,
	Topic:    "triggers",
	Text:     bindingKeyText,
	Kinds:    slices.Concat(triggerKinds, bindingKinds),
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			for _, b := range t.OwnParams() {
				dottedKeys(p, b)
			}
		}
		for _, b := range p.Entry.BindingParams() {
			dottedKeys(p, b)
		}
	},
}

// dottedKeys reports the keys with a dot that the expressions of a param do not escape.
func dottedKeys(p *rule.Pass, b *facts.BindingParam) {
	takes := b.Takes()
	for i := range takes {
		x := &takes[i]
		if x.Open || x.Err != nil {
			continue
		}
		for _, d := range jsonpath.DottedKeys(x.Expr) {
			fixed := strings.Replace(x.Expr, d.Key, d.Escaped, 1)
			p.Warning(b.Spot.Of(d.Key), d.Key, "the dots in "+phrase.Quote(d.Key)+" separate names, also in quotes, so "+x.Text+" does not find this key",
				"escape each dot of the key with a backslash: $("+fixed+")")
		}
	}
}
