package params

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed param-unknown.md
var paramUnknownText string

var paramUnknown = &rule.Rule{
	Code:     "param-unknown",
	Severity: diag.Error,
	Topic:    "params",
	Text:     paramUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {
		problems := p.Entry.Problems()
		for i := range problems {
			unknown(p, &problems[i])
		}
		for _, pod := range p.Entry.PodParams() {
			unknownInPod(p, &pod)
		}
		for _, t := range p.Entry.Templates() {
			unknownInTemplate(p, t)
		}
	},
}

func unknown(p *rule.Pass, pr *facts.Problem) {
	name := pr.Var.Name
	var message, help string
	switch pr.Kind {
	case facts.UnknownParam:
		if p.Again(scopeOf(pr), name, pr.Spot) {
			return
		}
		message = " names no param of " + pr.Scope.Owner + ", and stays as it is"
		help = phrase.Suggest(name, pr.Scope.Names(), "declare param "+phrase.Quote(name)+" in "+pr.Scope.Owners())
	case facts.UnknownDefault:
		message = " names no param of " + pr.Scope.Owner
		help = phrase.Suggest(name, pr.Scope.Names(), "declare param "+phrase.Quote(name))
	case facts.UnsetParam:
		message = " names no param that " + pr.Label + " sets, and stays as it is"
		help = phrase.Suggest(name, pr.Scope.Names(), "set it in this run")
		if pr.Pipeline != nil && pr.Pipeline.Params.Find(name) != nil {
			help = "a default of the pipeline does not reach here: set it in this run"
		}
	case facts.UnknownRunParam:
		message = " names no param of " + pr.Label + " or its Task, and stays as it is"
		help = phrase.Suggest(name, pr.Scope.Names(), "set it in this run")
	default:
		return
	}
	p.Error(pr.Spot, name, pr.Match.String()+message, templateHelp(p, name, help))
}

// scopeOf is where a mistake is reported once.
func scopeOf(pr *facts.Problem) any {
	if pr.Task != nil {
		return pr.Task
	}
	return pr.PipelineTask.Pipeline
}

// templateHelp is the help for a param that the template around the object
// declares.
func templateHelp(p *rule.Pass, name, help string) string {
	if b := p.Entry.Body(); b != nil && b.Template.Declares(name) {
		return "did you mean $(" + tekref.TemplatePrefix + name + ")?"
	}
	return help
}

func unknownInPod(p *rule.Pass, pod *facts.PodParam) {
	name := pod.Use.Var.Name
	if pod.Every {
		p.Error(pod.Use.Spot, name, pod.Use.Match.String()+" names no param of a task of "+p.Entry.Label()+", and stays as it is",
			templateHelp(p, name, phrase.Suggest(name, pod.Names, "a pod template sees the params of the tasks, not those of the run")))
		return
	}
	lack := pod.Lack[0]
	p.Warning(pod.Use.Spot, name, pod.Use.Match.String()+" stays as it is for "+lack.Label+", which has no such param",
		templateHelp(p, name, "set the pod template for one task, under taskRunSpecs"), lack.Spot.Related(lack.Label))
}

func unknownInTemplate(p *rule.Pass, t *facts.Template) {
	for _, b := range t.Bodies {
		for i := range b.Uses {
			u := &b.Uses[i]
			if u.Var.Kind == tekref.Event && !u.Open && tekref.IsTemplateParam(u.Var.Name) && !t.Declares(u.Var.Name) {
				p.Error(u.Spot, u.Var.Name, u.Match.String()+" names no param of "+t.Label, phrase.Suggest(u.Var.Name, t.Names(), "declare it under params of the template"))
			}
		}
	}
}
