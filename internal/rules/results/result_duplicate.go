package results

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-duplicate.md
var resultDuplicateText string

var resultDuplicate = &rule.Rule{
	Code:     "result-duplicate",
	Severity: diag.Warning,
	Topic:    "results",
	Text:     resultDuplicateText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			phrase.Duplicates(p, diag.Warning, t.Spot, "results", "result", t.Spec.Results, taskResultName)
			for i := range t.Spec.Steps {
				phrase.Duplicates(p, diag.Warning, t.Spot.Index("steps", i), "results", "result", t.Spec.Steps[i].Results, stepResultName)
			}
			if t.Action != nil {
				phrase.Duplicates(p, diag.Warning, t.Spot, "results", "result", t.Action.Results, stepResultName)
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			phrase.Duplicates(p, diag.Warning, s.Spot, "results", "result", s.Spec.Results, func(r *v1.PipelineResult) string { return r.Name })
		}
	},
}

func taskResultName(r *v1.TaskResult) string { return r.Name }
func stepResultName(r *v1.StepResult) string { return r.Name }
