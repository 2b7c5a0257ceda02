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
				p.Error(u.Spot, u.Var.Name, u.String()+" in the subPath of a workspace is passed on unreplaced: Tekton resolves it there only if a param, matrix or when expression of "+u.Reader.Label+" uses the result too",
					"also pass the result to a param of "+u.Reader.Label+", or pass it only as a param and change to the directory in the script")
			}
		}
	},
}
