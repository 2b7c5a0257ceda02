package runs

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed retries-invalid.md
var retriesInvalidText string

// notNegative is the help for negative retries.
const notNegative = "set retries to 0 or more, or remove it"

var retriesInvalid = &rule.Rule{
	Code:     "retries-invalid",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     retriesInvalidText,
	Kinds:    []string{"Pipeline", "PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.Retries < 0 {
					p.Error(t.Spot.Field("retries"), t.Name, "the number of retries of "+t.Label+" is negative", notNegative)
				}
			}
		}
		if run := p.Entry.TaskRun; run != nil && run.Spec.Retries < 0 {
			p.Error(p.At("spec", "retries"), p.Entry.Ref.Name, "the number of retries of "+p.Entry.Label()+" is negative", notNegative)
		}
	},
}
