package steps

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed step-duplicate.md
var stepDuplicateText string

var stepDuplicate = &rule.Rule{
	Code:     "step-duplicate",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     stepDuplicateText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			phrase.Duplicates(p, diag.Error, t.Spot, "steps", "step", t.Spec.Steps, func(s *v1.Step) string { return s.Name })
		}
		for o := range overrides(p) {
			phrase.Duplicates(p, diag.Error, o.spot, "stepSpecs", "step", o.steps, func(s *v1.TaskRunStepSpec) string { return s.Name })
		}
	},
}
