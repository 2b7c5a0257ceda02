package variables

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed variable-unknown.md
var variableUnknownText string

var variableUnknown = &rule.Rule{
	Code:     "variable-unknown",
	Severity: diag.Error,
	Topic:    "variables",
	Text:     variableUnknownText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {
		problems(p, func(pr *facts.Problem) { unknown(p, pr) })
	},
}

func unknown(p *rule.Pass, pr *facts.Problem) {
	const nothing = " names nothing that Tekton replaces"
	subject, message, help, severity := pr.Expr, "", "", diag.Error
	switch pr.Kind {
	case facts.RemovedResource:
		message, help = " is of PipelineResources, which Tekton has removed, and stays as it is", "use params, workspaces and results"
	case facts.MisspeltRoot:
		v, _ := tekref.Misspelt(pr.Expr)
		message, help = nothing, "did you mean $("+v.Fix+")?"
		if pr.Task != nil {
			message += ", and stays as it is"
		}
	case facts.NoVariable:
		message = nothing + ", and stays as it is"
		if pr.Task != nil {
			help = "name a param, a result, a workspace or the context"
		}
	case facts.RefusedVariable:
		name, _, _ := strings.Cut(pr.Expr, "[")
		message, help = nothing+", and is refused here", "for a variable of a shell write ${"+name+"}; else begin with params, tasks, context or workspaces"
	case facts.UnknownContext:
		subject, message, help = pr.Var.Expr, " names no context, and stays as it is", phrase.OneOf(pr.Var.Owner, contexts(pr))
	case facts.UnknownContextField:
		subject, message, help = pr.Var.Expr, " names no field of context."+pr.Var.Owner+", and stays as it is", phrase.OneOf(pr.Var.Name, tekref.ContextFields(pr.Var.Owner))
	case facts.ContextCommand:
		subject, severity = pr.Var.Expr, diag.Warning
		message, help = nothing+": the shell takes it for a command", "for the status of a task, pass $(tasks.TASK.status) as a param to a task of finally"
	case facts.UnknownWorkspaceField:
		subject, message, help = pr.Var.Expr, " names no field of a workspace, and stays as it is", phrase.OneOf(pr.Var.Name, tekref.WorkspaceFields())
	default:
		return
	}
	p.Add(pr.Spot, severity, subject, pr.Match.String()+message, help)
}

// contexts are the kinds of context that there are where the variable stands.
func contexts(pr *facts.Problem) []string {
	switch {
	case pr.Task != nil:
		return []string{"taskRun", "task"}
	case pr.PipelineTask != nil:
		return []string{"pipelineRun", "pipeline", "pipelineTask"}
	}
	return []string{"pipelineRun", "pipeline"}
}
