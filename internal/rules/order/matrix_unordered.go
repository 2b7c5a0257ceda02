package order

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-unordered.md
var matrixUnorderedText string

var matrixUnordered = &rule.Rule{
	Code:     "matrix-unordered",
	Severity: diag.Warning,
	Topic:    "order",
	Text:     matrixUnorderedText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Order, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				u := &uses[i]
				if !u.IsLength() || u.Var.Name == "" || u.Reader.Finally || s.Graph().Reaches(u.Owner.Name, u.Reader.Name) {
					continue
				}
				r := p.Warning(u.Spot, u.Owner.Name, u.Reader.Label+" counts results of "+u.Owner.Label+" with "+u.String()+", but does not wait for it",
					"add "+phrase.Quote(u.Owner.Name)+" to runAfter")
				r.Fix("add "+phrase.Quote(u.Owner.Name)+" to runAfter", false,
					rule.AddField(u.Reader.Spot, object.Field{Name: "runAfter", List: []string{u.Owner.Name}}, "name"))
			}
		}
	},
}
