package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed template-body.md
var templateBodyText string

var templateBody = &rule.Rule{
	Code:     "template-body",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     templateBodyText,
	Kinds:    templateKinds,
	Run: func(p *rule.Pass) {
		for _, b := range p.Entry.Bodies() {
			switch {
			case b.Content == nil:
				p.Error(b.Spot, "", "a resource template of "+b.Template.Label+" is not an object", "use a map with apiVersion, kind, metadata and spec")
			case b.Entry == nil:
				p.Error(b.Spot, "", "a resource template of "+b.Template.Label+" lacks apiVersion or kind", "set both apiVersion and kind")
			}
		}
	},
}
