package results

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-unresolved.md
var resultUnresolvedText string

var resultUnresolved = &rule.Rule{
	Code:     "result-unresolved",
	Severity: diag.Error,
	Topic:    "results",
	Text:     resultUnresolvedText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				u := &uses[i]
				if u.Var.Kind != tekref.TaskResult || u.Text.Field != "workspaces.subPath" || u.Reader == nil || u.Embedded ||
					u.Owner == nil || u.Owner.Finally || u.Reader.Waits(u.Owner.Name, u.Var.Name) {
					continue
				}
				p.Error(u.Spot, u.Var.Name, u.String()+" is not replaced: Tekton fetches a result only if params, matrix or when expressions read it too",
					"pass it to "+u.Reader.Label+" as a param too, or choose the directory in the script")
			}
		}
	},
}
