package steps

import (
	_ "embed"
	"slices"

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
		switch e := p.Entry; {
		case e.TaskRun != nil:
			if specs := e.TaskRun.Spec.StepSpecs; len(specs) > 0 {
				runs := e.RunTask()
				unknownStepSpecs(p, p.At("spec"), specs, &runs)
			}
		case e.Run != nil:
			for i := range e.Run.Spec.TaskRunSpecs {
				o := &e.Run.Spec.TaskRunSpecs[i]
				if len(o.StepSpecs) == 0 {
					continue
				}
				pipeline := e.RunPipeline()
				if pipeline == nil {
					return
				}
				if t := pipeline.Task(o.PipelineTaskName); t != nil {
					unknownStepSpecs(p, p.At("spec").Index("taskRunSpecs", i), o.StepSpecs, &t.Runs)
				}
			}
		}
	},
}

// unknownStep reports a variable that names a step which its Task does not have.
func unknownStep(p *rule.Pass, t *facts.TaskSpec, u *facts.StepUse) {
	if u.Escaped {
		return
	}
	names, help := t.StepNames(), "name the step whose result it is"
	if u.Var.Kind == tekref.StepExitCode {
		names, help = t.ContainerNames(), "name the step whose exit code it is"
	}
	p.Error(u.Spot, u.Var.Owner, u.String()+" names no step of "+t.Label, phrase.Suggest(u.Var.Owner, names, help))
}

// unknownStepSpecs reports settings of a run for steps that its Task does not have.
// They stand in the field stepSpecs of the value at s.
func unknownStepSpecs(p *rule.Pass, s facts.Spot, specs []v1.TaskRunStepSpec, runs *facts.Definition) {
	if runs.Spec == nil {
		return
	}
	for i := range specs {
		name := specs[i].Name
		if name == "" || slices.ContainsFunc(runs.Spec.Steps, func(o v1.Step) bool { return o.Name == name }) {
			continue
		}
		names := make([]string, len(runs.Spec.Steps))
		for j := range names {
			names[j] = runs.Spec.Steps[j].Name
		}
		p.Error(s.Index("stepSpecs", i).Field("name"), name, "stepSpecs names step "+phrase.Quote(name)+", which "+runs.Label+" does not have",
			phrase.Suggest(name, names, "name one of its steps"))
	}
}
