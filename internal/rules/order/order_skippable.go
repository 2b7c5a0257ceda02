package order

import (
	_ "embed"
	"slices"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed order-skippable.md
var orderSkippableText string

var orderSkippable = &rule.Rule{
	Code:     "order-skippable",
	Severity: diag.Note,
	Topic:    "order",
	Text:     orderSkippableText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.Finally {
					continue
				}
				for i, name := range t.RunAfter {
					after := s.Task(name)
					if after == nil || after.Finally || after == t || len(after.When) == 0 || t.SkippedWith(after) || reads(t, after) {
						continue
					}
					p.Note(t.Spot.Index("runAfter", i), after.Name, t.Label+" runs even if "+after.Label+" is skipped",
						"if this is not intended, give "+t.Label+" the when expressions of "+after.Label, after.Spot.Index("when", 0).Related("the when expressions of "+after.Label))
				}
			}
		}
	},
}

// reads reports whether a task reads a result of another one, and so is skipped with
// it.
func reads(t, owner *facts.PipelineTask) bool {
	return slices.ContainsFunc(t.ResultReads(), func(r facts.ResultRead) bool { return r.Owner == owner })
}
