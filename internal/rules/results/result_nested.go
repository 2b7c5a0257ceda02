package results

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-nested.md
var resultNestedText string

var resultNested = &rule.Rule{
	Code:     "result-nested",
	Severity: diag.Error,
	Topic:    "results",
	Text:     resultNestedText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.NestedResult {
					p.Error(u.Spot, u.Owner.Name, u.String()+" reads from "+u.Owner.Label+", which runs a pipeline; Tekton does not return the results of such a task",
						"move the task that writes result "+phrase.Quote(u.Var.Name)+" into this pipeline, or pass the value through a workspace")
				}
			}
		}
	},
}
