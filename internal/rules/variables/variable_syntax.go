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

//go:embed variable-syntax.md
var variableSyntaxText string

var variableSyntax = &rule.Rule{
	Code:     "variable-syntax",
	Severity: diag.Error,
	Topic:    "variables",
	Text:     variableSyntaxText,
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {
		problems(p, func(pr *facts.Problem) { malformed(p, pr) })
		for _, t := range p.Entry.Templates() {
			malformedInTemplate(p, t)
		}
	},
}

func malformed(p *rule.Pass, pr *facts.Problem) {
	v := pr.Var
	switch pr.Kind {
	case facts.Malformed:
		help := ""
		switch {
		case v.Fix != "":
			help = "write $(" + v.Fix + ")"
		case strings.Contains(v.Expr, "${"):
			help = "write a fixed name: Tekton replaces the variable before a shell replaces ${...}"
		default:
			help = resultHelp(pr)
		}
		p.Error(pr.Spot, v.Expr, pr.Match.String()+" "+v.Fault, help)
	case facts.Unterminated:
		p.Error(pr.Spot, v.Expr, pr.Match.String()+" lacks its closing parenthesis", "write "+v.String())
	case facts.DottedName:
		d := pr.Param.Name
		p.Error(pr.Spot, d, pr.Match.String()+" reads key "+phrase.Quote(v.Key)+" of a param "+phrase.Quote(v.Name)+", but the name of the param is "+phrase.Quote(d),
			`write $(params["`+d+`"])`)
	case facts.BracketedWhole:
		d := pr.Param
		p.Error(pr.Spot, d.Name, pr.Match.String()+" is not replaced: for the whole value of "+phrase.Article(d.Type)+", Tekton accepts only the dotted form",
			"write $(params."+d.Name+"[*])", d.Spot.Related("param "+phrase.Quote(d.Name)+" is declared as "+phrase.Article(d.Type)))
	case facts.StepByName:
		p.Error(pr.Spot, v.Expr, pr.Match.String()+" is not replaced: this variable needs the container name of the step", "write $(steps.step-"+v.Owner+".exitCode.path)")
	}
}

// resultHelp suggests the result of a task for a variable that lacks the word results; "" if
// the task is not known or has no such result.
func resultHelp(pr *facts.Problem) string {
	rest, ok := strings.CutPrefix(pr.Var.Expr, "tasks."+pr.Var.Owner+".")
	if !ok || pr.PipelineTask == nil {
		return ""
	}
	t := pr.PipelineTask.Pipeline.Task(pr.Var.Owner)
	if t == nil || t.Runs.Results[rest] == nil {
		return ""
	}
	return "did you mean $(tasks." + pr.Var.Owner + ".results." + rest + ")?"
}

// malformedInTemplate reports malformed variables for params of a template.
func malformedInTemplate(p *rule.Pass, t *facts.Template) {
	for _, b := range t.Bodies {
		for i := range b.Uses {
			u := &b.Uses[i]
			root, _ := tekref.Root(u.Expr)
			switch {
			case root != "tt":
			case u.Open:
				p.Error(u.Spot, u.Expr, u.Match.String()+" lacks its closing parenthesis, so it is not replaced", "write $("+u.Expr+")")
			case u.Var.Kind == tekref.Event && (t.Declares(u.Var.Name) || tekref.IsTemplateParam(u.Var.Name)):
			default:
				help := "write $(tt.params.NAME)"
				if name, ok := t.MeantParam(u.Expr); ok && (t.Declares(name) || len(t.Names()) == 0) {
					help = "write $(" + tekref.TemplatePrefix + name + ")"
				}
				p.Error(u.Spot, u.Expr, u.Match.String()+" is not replaced: it is not of the form $(tt.params.NAME)", help)
			}
		}
	}
}
