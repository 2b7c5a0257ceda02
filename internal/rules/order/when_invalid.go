package order

import (
	_ "embed"
	"errors"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed when-invalid.md
var whenInvalidText string

var whenInvalid = &rule.Rule{
	Code:     "when-invalid",
	Severity: diag.Error,
	Topic:    "order",
	Text:     whenInvalidText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				whenForm(p, t.Spot, t.When)
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			for i := range t.Spec.Steps {
				if when := t.Spec.Steps[i].When; len(when) > 0 {
					whenForm(p, t.Spot.Index("steps", i), when)
				}
			}
		}
	},
}

// whenForm checks the form of the when expressions in the field when of the value at s.
func whenForm(p *rule.Pass, s rule.Spot, when v1.WhenExpressions) {
	for i := range when {
		w, at := &when[i], s.Index("when", i)
		if w.CEL != "" {
			if w.Input != "" || w.Operator != "" || len(w.Values) > 0 {
				p.Error(at, "", "this when expression mixes cel with input, operator or values", "keep either cel, or input, operator and values")
			}
			if err := celenv.When(w.CEL); err != nil {
				help := "write a comparison such as '$(params.branch)' == 'main', with variables in quotes"
				if problem, ok := errors.AsType[*celenv.Problem](err); ok && problem.Help() != "" {
					help = problem.Help()
				}
				p.Error(at.Field("cel"), "", phrase.Quote(w.CEL)+" is not a valid CEL expression: "+err.Error(), help)
			}
			continue
		}
		switch {
		case w.Input == "" && w.Operator == "" && len(w.Values) == 0:
			p.Error(at, "", "this when expression is empty", "set input, operator and values, or cel")
			continue
		case w.Operator == "":
			p.Error(at.Field("operator"), "", "this when expression has no operator", "set operator to in or notin")
		case w.Operator != selection.In && w.Operator != selection.NotIn:
			operator := string(w.Operator)
			p.Error(at.Field("operator"), operator, "this when expression has the unknown operator "+phrase.Quote(operator), phrase.OneOf(operator, []string{"in", "notin"})).Misspelled(operator, []string{"in", "notin"})
		}
		if len(w.Values) == 0 {
			p.Error(at, "", "this when expression has no values", "list at least one value")
		}
	}
}
