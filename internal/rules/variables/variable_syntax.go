package variables

import (
	_ "embed"
	"slices"

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
		if v.Fix != "" {
			help = "write $(" + v.Fix + ")"
		}
		p.Error(pr.Spot, v.Expr, pr.Match.String()+" "+v.Fault, help)
	case facts.Unterminated:
		p.Error(pr.Spot, v.Expr, pr.Match.String()+" lacks its closing parenthesis", "write "+v.String())
	case facts.DottedName:
		d := pr.Param.Name
		p.Error(pr.Spot, d, pr.Match.String()+" reads key "+phrase.Quote(v.Key)+" of a param "+phrase.Quote(v.Name)+", but the param is called "+phrase.Quote(d),
			`write $(params["`+d+`"])`)
	case facts.BracketedWhole:
		d := pr.Param
		p.Error(pr.Spot, d.Name, pr.Match.String()+" is not replaced: as a whole value Tekton reads "+phrase.Article(d.Type)+" only in the dotted form",
			"write $(params."+d.Name+"[*])", d.Spot.Related("param "+phrase.Quote(d.Name)+" is declared as "+phrase.Article(d.Type)))
	case facts.StepByName:
		p.Error(pr.Spot, v.Expr, pr.Match.String()+" stays as it is: here a step is named by its container", "write $(steps.step-"+v.Owner+".exitCode.path)")
	}
}

// malformedInTemplate reports what begins like a param of a template, and is none.
func malformedInTemplate(p *rule.Pass, t *facts.Template) {
	names := t.Names()
	for _, b := range t.Bodies {
		for i := range b.Uses {
			u := &b.Uses[i]
			root, _ := tekref.Root(u.Expr)
			switch {
			case root != "tt":
			case u.Open:
				p.Error(u.Spot, u.Expr, u.Match.String()+" lacks its closing parenthesis, so it stays as it is", "write $("+u.Expr+")")
			case u.Var.Kind == tekref.Event && (slices.Contains(names, u.Var.Name) || tekref.IsTemplateParam(u.Var.Name)):
			default:
				help := "write $(tt.params.NAME)"
				if name, ok := facts.MeantTemplateParam(u.Expr, names); ok && (slices.Contains(names, name) || len(names) == 0) {
					help = "write $(" + tekref.TemplatePrefix + name + ")"
				}
				p.Error(u.Spot, u.Expr, u.Match.String()+" stays as it is: it is not of the form $(tt.params.NAME)", help)
			}
		}
	}
}
