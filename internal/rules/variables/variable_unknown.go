package variables

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
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
	const (
		nothing    = " is not a Tekton variable"
		unreplaced = "; it is passed on unreplaced"
	)
	subject, message, help, severity := pr.Expr, "", "", diag.Error
	switch pr.Kind {
	case facts.RemovedResource:
		message, help = " refers to PipelineResources, which Tekton has removed"+unreplaced, "use params, workspaces and results"
	case facts.MisspeltRoot:
		v, _ := tekref.Misspelled(pr.Expr)
		message, help = nothing, "did you mean $("+v.Fix+")?"
		if declared := declaredFor(pr); v.Kind == tekref.Param && declared != nil && declared.Find(v.Name) == nil {
			help = "write $(" + v.Fix + "), and declare param " + phrase.Quote(v.Name)
			if near := suggest.Name(v.Name, declared.Names()); near != "" {
				help = "did you mean $(params." + near + ")?"
			}
		}
		if pr.Task == nil && v.Kind == tekref.ResultPath {
			help = "write $(tasks.TASK.results." + v.Name + ") for a result of another task"
		}
		if pr.Task != nil {
			message += unreplaced
		}
	case facts.NoVariable:
		message = nothing + unreplaced
		if pr.Task != nil {
			help = "use a param, a result, a workspace or the context"
		}
	case facts.RefusedVariable:
		name, _, _ := strings.Cut(pr.Expr, "[")
		message, help = nothing+", so Tekton rejects it here", "write ${"+name+"} for a shell variable, or begin with params, tasks, context or workspaces"
	case facts.UnknownContext:
		subject, message, help = pr.Var.Expr, " refers to an unknown context"+unreplaced, phrase.OneOf(pr.Var.Owner, contexts(pr))
	case facts.UnknownContextField:
		subject, message, help = pr.Var.Expr, " refers to an unknown field of context."+pr.Var.Owner+unreplaced, phrase.OneOf(pr.Var.Name, tekref.ContextFields(pr.Var.Owner))
	case facts.ContextCommand:
		subject, severity = pr.Var.Expr, diag.Warning
		message, help = nothing+"; the shell runs it as a command", "pass $(tasks.TASK.status) as a param to a task of finally for the status of a task"
	case facts.UnknownWorkspaceField:
		subject, message, help = pr.Var.Expr, " refers to an unknown field of a workspace"+unreplaced, phrase.OneOf(pr.Var.Name, tekref.WorkspaceFields())
	default:
		return
	}
	p.Add(pr.Spot, severity, subject, pr.Match.String()+message, help)
}

// declaredFor returns the params that a variable could refer to where it is; nil if they are
// not known.
func declaredFor(pr *facts.Problem) *facts.ParamScope {
	switch {
	case pr.Task != nil:
		return pr.Task.Params
	case pr.PipelineTask != nil:
		return pr.PipelineTask.Pipeline.Params
	}
	return nil
}

// contexts returns the contexts that are available where the variable is.
func contexts(pr *facts.Problem) []string {
	switch {
	case pr.Task != nil || pr.Spot.Entry.TaskRun != nil:
		return []string{"taskRun", "task"}
	case pr.PipelineTask != nil:
		return []string{"pipelineRun", "pipeline", "pipelineTask"}
	}
	return []string{"pipelineRun", "pipeline"}
}
