package order

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-single.md
var matrixSingleText string

var matrixSingle = &rule.Rule{
	Code:     "matrix-single",
	Severity: diag.Error,
	Topic:    "order",
	Text:     matrixSingleText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.OneOfMatrix {
					p.Error(u.Spot, u.Var.Name, u.String()+" reads a single result of "+u.Owner.Label+", but its matrix produces an array of results",
						"write "+tekref.TaskResultOf(u.Owner.Name, u.Var.Name).All().String(), u.Owner.Spot.Field("matrix").Related("the matrix"))
				}
			}
		}
	},
}
