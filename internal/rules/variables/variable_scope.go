package variables

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed variable-scope.md
var variableScopeText string

var variableScope = &rule.Rule{
	Code:     "variable-scope",
	Severity: diag.Error,
	Topic:    "variables",
	Text:     variableScopeText,
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {
		problems(p, func(pr *facts.Problem) {
			severity := diag.Error
			if pr.Kind == facts.ResultOfTask {
				severity = diag.Warning
			}
			subject := pr.Var.Expr
			if pr.Kind == facts.OnlyEvent {
				subject = pr.Expr
			}
			if message, help := misplaced(pr); message != "" {
				p.Add(pr.Spot, severity, subject, pr.Match.String()+message, help)
			}
		})
		for _, t := range p.Entry.Templates() {
			misplacedInTemplate(p, t)
		}
	},
}

// misplaced says where a variable has no meaning; "" for other problems.
func misplaced(pr *facts.Problem) (message, help string) {
	const nowhere = " stays as it is: it has no meaning in "
	field := pr.Text.Field
	switch pr.Kind {
	case facts.OutOfScope:
		return nowhere + "a Task", "declare a param, and pass it in the pipeline"
	case facts.NotInDefault:
		return nowhere + "the default of a param", "a default may name other params only"
	case facts.NotInStep:
		first, _, _ := strings.Cut(field, ".")
		return nowhere + first, "it belongs into a step that declares the result"
	case facts.NotInStepAction:
		return nowhere + "a StepAction", "declare a param, and pass it in the step"
	case facts.OnlyTemplate:
		where := "a Pipeline"
		if pr.Task != nil {
			where = pr.Label
		}
		return nowhere + where, "it is for TriggerTemplates: declare a param"
	case facts.StepResultField:
		return " is replaced only in env, command, args and when of a step", "pass it through env"
	case facts.ArtifactField:
		return " is replaced only in env, command, args and script of a step", "pass it through env"
	case facts.ResultOfTask:
		return " names a result of the Task, not of this StepAction: it stays as it is unless the Task has one of that name", "write $(step." + pr.Var.Expr + ")"
	case facts.ResultHere:
		return nowhere + "this field of a pipeline", ""
	case facts.BelongsToTask:
		return nowhere + "a Pipeline", "it belongs into a Task"
	case facts.ContextHere:
		return nowhere + "a Pipeline", "use context.pipelineRun"
	case facts.ContextField:
		return nowhere + field + " of a pipeline task", ""
	case facts.OnlyBound:
		return nowhere + "a Pipeline", "only $(workspaces.NAME.bound) is known there"
	case facts.LengthField:
		return nowhere + field + " of a pipeline task", "it is known in params only"
	case facts.OneLength:
		return nowhere + "a param behind " + pr.First + ", as one length is filled in for each", "pass it as a param of its own"
	case facts.NotInResult:
		return " has no meaning in a result of a pipeline", "only results of tasks may stand there"
	case facts.NotInRunParam:
		return " has no meaning in a param of a run", "a run sets its params before any task has a result"
	case facts.OnlyEvent:
		return " is known only where an event starts the run", "in a TriggerTemplate, declare the param and use $(tt.params.NAME); in Go, use a field of the event"
	case facts.NotInPodTemplate:
		return nowhere + "a pod template", "only params of the tasks are replaced there"
	}
	return "", ""
}

// misplacedInTemplate reports what only a binding takes from an event, and params
// of the template without their prefix.
func misplacedInTemplate(p *rule.Pass, t *facts.Template) {
	names := t.Names()
	for _, b := range t.Bodies {
		for i := range b.Uses {
			u := &b.Uses[i]
			root, _ := tekref.Root(u.Expr)
			switch {
			case u.Open:
			case facts.OfEvent(u.Expr) || u.Expr == "context.eventID":
				p.Error(u.Spot, u.Expr, u.Match.String()+" stays as it is: a template takes nothing from an event",
					"declare a param, supply it with this path in a binding, and use $(tt.params.NAME)")
			case root == "params" && slices.Contains(names, u.Var.Name) && !b.OwnParams(u.Spot):
				p.Error(u.Spot, u.Expr, u.Match.String()+" stays as it is: params of a template have another prefix", "write $("+tekref.TemplatePrefix+u.Var.Name+")")
			}
		}
	}
}
