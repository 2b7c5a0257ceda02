package runs

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed retrycount-fixed.md
var retryCountFixedText string

var retryCountFixed = &rule.Rule{
	Code:     "retrycount-fixed",
	Severity: diag.Warning,
	Topic:    "runs",
	Text:     retryCountFixedText,
	Kinds:    []string{"Pipeline", "PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.Retries > 0 && t.Inner == nil {
					countsRetries(p, t.Spot.Field("retries"), t.Name, t.Label, t.RunsTask())
				}
			}
		}
		if run := p.Entry.TaskRun; run != nil && run.Spec.Retries > 0 && run.Spec.TaskRef != nil {
			if def := p.Entry.RunTask(); def.Spec != nil {
				countsRetries(p, p.At("spec", "retries"), p.Entry.Ref.Name, p.Entry.Label(), def.Spot.Entry.TaskSpec())
			}
		}
	},
}

// countsRetries reports retries of a Task that is referred to and reads the number of
// the attempt.
func countsRetries(p *rule.Pass, s facts.Spot, subject, label string, t *facts.TaskSpec) {
	if t == nil {
		return
	}
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		if u.Var.Kind == tekref.Context && u.Var.Owner == "task" && u.Var.Name == "retry-count" && u.IsVariable() && !u.Escaped {
			p.Warning(s, subject, u.Match.String()+" is 0 in each attempt of "+label+": Tekton keeps the spec of the first attempt of a Task that is referred to",
				"embed the Task as taskSpec, or do not use the variable", u.Spot.Related(t.Label+" uses it"))
			return
		}
	}
}
