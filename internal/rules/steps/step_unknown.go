package steps

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed step-unknown.md
var stepUnknownText string

var stepUnknown = &rule.Rule{
	Code:     "step-unknown",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     stepUnknownText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			uses := t.StepUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.UnknownStep {
					unknownStep(p, t, u)
				}
			}
		}
		for o := range overrides(p) {
			if len(o.steps) > 0 {
				unknownStepSpecs(p, o.spot, o.steps, o.target(p))
			}
		}
	},
}

// unknownStep reports a variable that refers to a step which its Task does not
// have.
func unknownStep(p *rule.Pass, t *facts.TaskSpec, u *facts.StepUse) {
	if u.Escaped {
		return
	}
	var names []string
	help := "use the name of the step that writes the result"
	if u.Var.Kind == tekref.StepExitCode {
		names, help = t.ContainerNames(), "use step-NAME, with the name of the step whose exit code it is"
	} else {
		names = t.StepNames()
	}
	p.Error(u.Spot, u.Var.Owner, u.String()+" refers to step "+phrase.Quote(u.Var.Owner)+", which "+t.Label+" does not have", phrase.Suggest(u.Var.Owner, names, help)).Misspelled(u.Var.Owner, names)
}

// unknownStepSpecs reports settings of a run for steps that its Task does not have.
// They are in the field stepSpecs of the value at s.
func unknownStepSpecs(p *rule.Pass, s facts.Spot, specs []v1.TaskRunStepSpec, runs *facts.Definition) {
	if runs.Spec == nil {
		return
	}
	for i := range specs {
		name := specs[i].Name
		if name == "" || runs.HasStep(name) {
			continue
		}
		p.Error(s.Index("stepSpecs", i).Field("name"), name, "stepSpecs refers to step "+phrase.Quote(name)+", which "+runs.Label+" does not have",
			phrase.Suggest(name, runs.StepNames(), "use the name of one of its steps")).Misspelled(name, runs.StepNames())
	}
}
