package runs

import (
	_ "embed"
	"strings"

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
					countsRetries(p, t.Spot.Field("retries"), t.Name, t.Label, t.RunsTask(), countIn(t))
				}
			}
		}
		if run := p.Entry.TaskRun; run != nil && run.Spec.Retries > 0 && run.Spec.TaskRef != nil {
			if def := p.Entry.RunTask(); def.Spec != nil {
				var passed *facts.Use
				uses := p.Entry.RunUses()
				for i := range uses {
					if u := &uses[i]; strings.HasPrefix(u.Text.Field, "params.value") && isCount(u) {
						passed = u
						break
					}
				}
				countsRetries(p, p.At("spec", "retries"), p.Entry.Ref.Name, p.Entry.Label(), def.Spot.Entry.TaskSpec(), passed)
			}
		}
	},
}

// countIn returns the place where a task passes the number of the attempt to a Task that
// it refers to; nil if there is none.
func countIn(t *facts.PipelineTask) *facts.Use {
	if t.TaskRef == nil || t.TaskRef.APIVersion != "" && !strings.HasPrefix(t.TaskRef.APIVersion, "tekton.dev/") {
		return nil // a custom task replaces what it likes
	}
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		if (u.Text.Field == "params.value" || strings.HasPrefix(u.Text.Field, "matrix.") && strings.HasSuffix(u.Text.Field, "params.value")) && isCount(u) {
			return u
		}
	}
	return nil
}

// isCount reports whether a variable is the number of the attempt.
func isCount(u *facts.Use) bool {
	return u.Var.Kind == tekref.Context && u.Var.Owner == "task" && u.Var.Name == "retry-count" && !u.Open && !u.Escaped
}

// countsRetries reports retries of a Task that is referred to and that reads the number
// of the attempt, or gets it as a param.
func countsRetries(p *rule.Pass, s facts.Spot, subject, label string, t *facts.TaskSpec, passed *facts.Use) {
	u, where := passed, label+" passes it"
	if t != nil {
		uses := t.Uses()
		for i := range uses {
			if isCount(&uses[i]) && uses[i].IsVariable() {
				u, where = &uses[i], t.Label+" uses it"
				break
			}
		}
	}
	if u == nil {
		return
	}
	p.Warning(s, subject, u.Match.String()+" is 0 in each attempt of "+label+": Tekton keeps the spec of the first attempt of a Task that is referred to",
		"embed the Task as taskSpec, or do not use the variable", u.Spot.Related(where))
}
