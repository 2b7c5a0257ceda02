package variables

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed variable-ignored.md
var variableIgnoredText string

var variableIgnored = &rule.Rule{
	Code:     "variable-ignored",
	Severity: diag.Error,
	Topic:    "variables",
	Text:     variableIgnoredText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {
		problems(p, func(pr *facts.Problem) {
			if pr.Kind != facts.NotReplaced || pr.Text.Field == "steps.ref.name" { // a name with variables is a finding of reference-invalid
				return
			}
			help := ""
			if pr.Task != nil {
				help = "write the value itself, or use the variable where Tekton replaces it, such as in env or args"
			}
			p.Error(pr.Spot, pr.Var.Expr, pr.Match.String()+" is passed on unreplaced: Tekton replaces no variables in "+pr.Text.Field, help)
		})
	},
}
