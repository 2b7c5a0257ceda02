package steps

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed step-missing.md
var stepMissingText string

var stepMissing = &rule.Rule{
	Code:     "step-missing",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     stepMissingText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			if t.Action == nil && len(t.Spec.Steps) == 0 {
				p.Error(t.Spot, "", t.Label+" has no steps", "add a step")
			}
		}
	},
}
