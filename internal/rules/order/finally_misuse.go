package order

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed finally-misuse.md
var finallyMisuseText string

var finallyMisuse = &rule.Rule{
	Code:     "finally-misuse",
	Severity: diag.Error,
	Topic:    "order",
	Text:     finallyMisuseText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				finallyOrder(p, t)
			}
			uses := s.TaskUses()
			for i := range uses {
				finallyUse(p, &uses[i])
			}
		}
	},
}

// finallyOrder reports a runAfter in finally, and one that lists a task of finally.
func finallyOrder(p *rule.Pass, t *facts.PipelineTask) {
	if t.Finally {
		if len(t.RunAfter) > 0 {
			p.Error(t.Spot.Field("runAfter"), t.Name, t.Label+" is in finally, where tasks cannot use runAfter", "remove runAfter, or move the task to tasks")
		}
		return
	}
	for i, name := range t.RunAfter {
		if after := t.Pipeline.Task(name); after != nil && after.Finally {
			p.Error(t.Spot.Index("runAfter", i), name, t.Label+" runs after task "+phrase.Quote(name)+", which runs in finally",
				"remove it from runAfter; finally runs after all tasks", after.Spot.Related("task "+phrase.Quote(name)))
		}
	}
}

func finallyUse(p *rule.Pass, u *facts.TaskUse) {
	switch u.Fault {
	case facts.FinallyInTask:
		p.Error(u.Spot, u.Var.Owner, u.String()+" reads a result of a finally task, which only pipeline results can do", "read the result of a task in tasks")
	case facts.StatusInTasks:
		p.Error(u.Spot, u.Var.Expr, u.String()+" is available only in finally, but "+u.Reader.Label+" is in tasks", "move the task to finally")
	case facts.InFinally:
		owner := phrase.Quote(u.Var.Owner)
		help := "move task " + owner + " from finally to tasks"
		if u.Reader == nil {
			help = "write $(finally." + strings.TrimPrefix(u.Var.Expr, "tasks.") + ")"
		}
		p.Error(u.Spot, u.Var.Owner, u.String()+" reads from task "+owner+", which is in finally and so runs too late", help, u.Owner.Spot.Related("task "+owner))
	}
}
