package variables

import (
	_ "embed"
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
			if pr.Kind == facts.ResultOfTask || pr.Kind == facts.NotInStepAction || pr.Kind == facts.NotOfMatrix {
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

// misplaced returns the message and the help for a variable that is not replaced where
// it is used; "" for other problems.
func misplaced(pr *facts.Problem) (message, help string) {
	const nowhere = " is not replaced in "
	field := pr.Text.Field
	switch pr.Kind {
	case facts.OutOfScope:
		return nowhere + "a Task", "declare a param, and set it in the pipeline"
	case facts.NotInDefault:
		return nowhere + "the default of a param", "declare a param, and set it in the pipeline"
	case facts.NotInField:
		return nowhere + field + "; " + pr.Unreplaced(), ""
	case facts.ResultInRef:
		return " is not known yet when Tekton fetches the " + refers(field) + "; the resolver gets the literal text",
			"use a param, or choose between tasks with when expressions"
	case facts.NotOfMatrix:
		return nowhere + "the " + field + " of a task with a matrix, unless it is a param of that task", "use a param of the matrix or of the task"
	case facts.NotInStep:
		first, _, _ := strings.Cut(field, ".")
		return nowhere + first, "use it in the step that declares the result"
	case facts.NotInStepAction:
		return " uses a workspace of the Task; it is not replaced unless the Task has that workspace", "declare a param, and set it in the step"
	case facts.OnlyTemplate:
		where := "a Pipeline"
		if pr.Task != nil {
			where = pr.Label
		}
		return nowhere + where, "declare a param; $(tt.params.NAME) is only for TriggerTemplates"
	case facts.StepResultField:
		return " is replaced only in env, command, args and when of a step", "pass it through env"
	case facts.ArtifactField:
		return " is replaced only in env, command, args and script of a step", "pass it through env"
	case facts.ResultOfTask:
		return " reads a result of the Task, not of this StepAction; it is not replaced unless the Task declares that result", "write $(step." + pr.Var.Expr + ")"
	case facts.ResultHere:
		return nowhere + "this field of a pipeline", ""
	case facts.BelongsToTask:
		return nowhere + "a Pipeline", "use it in a Task"
	case facts.ContextHere:
		return nowhere + "a Pipeline", "use context.pipelineRun"
	case facts.ContextField:
		return nowhere + field + " of a pipeline task", ""
	case facts.OnlyBound:
		return nowhere + "a Pipeline", "use only $(workspaces.NAME.bound) there"
	case facts.LengthField:
		return nowhere + field + " of a pipeline task", "use it in params"
	case facts.OneLength:
		return nowhere + "a param after " + pr.First + ": Tekton replaces only one length in each param", "pass it in a param of its own"
	case facts.NotInResult:
		return " cannot be used in a pipeline result", "use only task results there"
	case facts.NotInRunParam:
		return " cannot be used in a param of a run", "remove it; the params are set before any task has a result"
	case facts.NotInRunValue:
		return nowhere + "the params of a run; the literal text is passed on", "write the value itself"
	case facts.OnlyEvent:
		return " is a field of an event, which only a TriggerBinding can read", "set a param of a TriggerBinding to it, and use $(tt.params.NAME) in the TriggerTemplate"
	case facts.NotInPodTemplate:
		return nowhere + "a pod template", "use only params of the tasks there"
	}
	return "", ""
}

// refers returns the kind that a reference of a pipeline task refers to.
func refers(field string) string {
	if strings.HasPrefix(field, "pipelineRef.") {
		return "Pipeline"
	}
	return "Task"
}

// misplacedInTemplate reports fields of the event, which only a binding can read, and
// params of the template without their prefix.
func misplacedInTemplate(p *rule.Pass, t *facts.Template) {
	for _, b := range t.Bodies {
		for i := range b.Uses {
			u := &b.Uses[i]
			root, _ := tekref.Root(u.Expr)
			switch {
			case u.Open:
			case facts.OfEvent(u.Expr) || u.Expr == "context.eventID":
				p.Error(u.Spot, u.Expr, u.Match.String()+" is not replaced: a template cannot read the event",
					"declare a param, set it to this path in a binding, and use $(tt.params.NAME)")
			case root == "params" && t.Declares(u.Var.Name) && !b.OwnParams(u.Spot):
				p.Error(u.Spot, u.Expr, u.Match.String()+" is not replaced: params of a template have another prefix", "write $("+tekref.TemplatePrefix+u.Var.Name+")")
			}
		}
	}
}
