package results

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed step-order.md
var stepOrderText string

var stepOrder = &rule.Rule{
	Code:     "step-order",
	Severity: diag.Error,
	Topic:    "results",
	Text:     stepOrderText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			uses := t.StepUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.LaterStep {
					step := "step " + phrase.Quote(u.Var.Owner)
					p.Error(u.Spot, u.Var.Owner, u.String()+" reads a result of a step that has not run yet", "move "+step+" before this one",
						t.Spot.Index("steps", u.Step).Related(step+" runs later"))
				}
			}
		}
	},
}
