package order

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-missing.md
var matrixMissingText string

var matrixMissing = &rule.Rule{
	Code:     "matrix-missing",
	Severity: diag.Error,
	Topic:    "order",
	Text:     matrixMissingText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.NoMatrix {
					p.Error(u.Spot, u.Owner.Name, u.String()+" reads the matrix length of "+u.Owner.Label+", which has no matrix", "refer to a task with a matrix",
						u.Owner.Spot.Related("task "+phrase.Quote(u.Owner.Name)))
				}
			}
		}
	},
}
