package order

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-miscounted.md
var matrixMiscountedText string

var matrixMiscounted = &rule.Rule{
	Code:     "matrix-miscounted",
	Severity: diag.Warning,
	Topic:    "order",
	Text:     matrixMiscountedText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.WholeCounted {
					owner := u.Owner
					p.Warning(u.Spot, owner.Name, u.String()+" counts an array result in the matrix of "+owner.Label+" as one value, however many items it has",
						"use $(tasks."+owner.Name+".matrix.RESULT.length), which counts the values that the task has written to a result", owner.Spot.Related("task "+phrase.Quote(owner.Name)))
				}
			}
		}
	},
}
