package runs

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed retries-invalid.md
var retriesInvalidText string

var retriesInvalid = &rule.Rule{
	Code:     "retries-invalid",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     retriesInvalidText,
	Kinds:    []string{"Pipeline", "PipelineRun", "TaskRun"},
	Run: func(p *rule.Pass) {

		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.Retries < 0 {
					p.Error(t.Spot.Field("retries"), t.Name, "the retries of "+t.Label+" are negative", "")
				}
			}
		}
		if run := p.Entry.TaskRun; run != nil && run.Spec.Retries < 0 {
			p.Error(p.At("spec", "retries"), p.Entry.Ref.Name, "the retries of "+p.Entry.Label()+" are negative", "")
		}
	},
}
