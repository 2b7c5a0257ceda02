package params

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
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
	match := pr.Match.String()
	unreplaced := "; " + match + " is passed on unreplaced"
	var message, help string
	switch pr.Kind {
	case facts.UnknownParam:
		if p.Again(scopeOf(pr), name, pr.Spot) {
			return
		}
		if pr.IsRefused() {
			unreplaced = ", so Tekton rejects " + match
		}
		message = pr.Scope.Owner + " declares no param " + phrase.Quote(name) + unreplaced
		help = phrase.Suggest(name, pr.Scope.Names(), "declare param "+phrase.Quote(name)+" in "+pr.Scope.Owners())
	case facts.UnknownDefault:
		message = match + " refers to a param that " + pr.Scope.Owner + " does not declare"
		help = phrase.Suggest(name, pr.Scope.Names(), "declare param "+phrase.Quote(name))
	case facts.UnsetParam:
		message = pr.Label + " does not set param " + phrase.Quote(name) + unreplaced
		help = phrase.Suggest(name, pr.Scope.Names(), "set it in this run")
		if pr.Pipeline != nil && pr.Pipeline.Params.Find(name) != nil {
			help = "set it in this run; the default of the pipeline does not apply here"
		}
	case facts.UnknownRunParam:
		runs := "Task"
		if p.Entry.TaskRun != nil && p.Entry.TaskRun.Spec.TaskSpec != nil {
			runs = "taskSpec"
		}
		message = "neither " + pr.Label + " nor its " + runs + " has a param " + phrase.Quote(name) + unreplaced
		help = phrase.Suggest(name, pr.Scope.Names(), "set it in this run")
	default:
		return
	}
	p.Error(pr.Spot, name, message, templateHelp(p, name, help)).Meant(meantParam(p, pr, name))
}

// meantParam returns the name in a variable to replace, and by what.
func meantParam(p *rule.Pass, pr *facts.Problem, name string) (old, near string) {
	if b := p.Entry.Body(); b != nil && b.Template.Declares(name) {
		return "params." + name, tekref.TemplatePrefix + name
	}
	if pr.Kind == facts.UnsetParam && pr.Pipeline != nil && pr.Pipeline.Params.Find(name) != nil {
		return name, ""
	}
	return name, suggest.Name(name, pr.Scope.Names())
}

// scopeOf returns what a mistake is reported once for.
func scopeOf(pr *facts.Problem) any {
	if pr.Task != nil {
		return pr.Task
	}
	return pr.PipelineTask.Pipeline
}

// templateHelp returns the help for a param that the template around the object
// declares, or else the other help.
func templateHelp(p *rule.Pass, name, help string) string {
	if b := p.Entry.Body(); b != nil && b.Template.Declares(name) {
		return "did you mean $(" + tekref.TemplatePrefix + name + ")?"
	}
	return help
}

func unknownInPod(p *rule.Pass, pod *facts.PodParam) {
	name := pod.Use.Var.Name
	if pod.Every {
		p.Error(pod.Use.Spot, name, "no task of "+p.Entry.Label()+" declares param "+phrase.Quote(name)+"; "+pod.Use.Match.String()+" is passed on unreplaced",
			templateHelp(p, name, phrase.Suggest(name, pod.Names, "use a param of the tasks; the params of the run are not available in a pod template")))
		return
	}
	lack := pod.Lack[0]
	p.Warning(pod.Use.Spot, name, pod.Use.Match.String()+" is passed on unreplaced to "+lack.Label+", which has no such param",
		templateHelp(p, name, "set the pod template for single tasks, in taskRunSpecs"), lack.Spot.Related(lack.Label))
}

func unknownInTemplate(p *rule.Pass, t *facts.Template) {
	for _, b := range t.Bodies {
		for i := range b.Uses {
			u := &b.Uses[i]
			if u.Var.Kind == tekref.Event && !u.Open && tekref.IsTemplateParam(u.Var.Name) && !t.Declares(u.Var.Name) {
				p.Error(u.Spot, u.Var.Name, u.Match.String()+" refers to a param that "+t.Label+" does not declare", phrase.Suggest(u.Var.Name, t.Names(), "declare it in the params of the template")).Misspelled(u.Var.Name, t.Names())
			}
		}
	}
}
