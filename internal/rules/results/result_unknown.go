package results

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-unknown.md
var resultUnknownText string

var resultUnknown = &rule.Rule{
	Code:     "result-unknown",
	Severity: diag.Error,
	Topic:    "results",
	Text:     resultUnknownText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			uses := s.TaskUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.UnknownResult {
					unknownOfTask(p, s, u)
				}
			}
			for _, t := range s.Tasks {
				unknownInside(p, t)
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			uses := t.StepUses()
			for i := range uses {
				if u := &uses[i]; u.Fault == facts.UnknownResult {
					unknownOfStep(p, t, u)
				}
			}
		}
	},
}

// unknownOfTask reports a result of another task of the pipeline that its Task does
// not declare.
func unknownOfTask(p *rule.Pass, s *facts.PipelineSpec, u *facts.TaskUse) {
	name, runs := u.Var.Name, &u.Owner.Runs
	if u.Var.Kind == tekref.MatrixLength {
		p.Error(u.Spot, name, u.String()+" refers to a result that "+runs.Label+" does not declare", declareThere(name, runs))
		return
	}
	if u.Escaped || p.Again(s, u.Owner.Name+" "+name, u.Spot) {
		return
	}
	p.Error(u.Spot, name, u.String()+" refers to a result that "+runs.Label+" does not declare", declareThere(name, runs),
		runs.Spot.Field("results").Related("the results of "+runs.Label))
}

func declareThere(name string, runs *facts.Definition) string {
	return phrase.Suggest(name, runs.ResultNames(), "declare result "+phrase.Quote(name)+" in "+runs.Label)
}

// unknownInside reports $(results.R.path) in a value that a task passes to a Task that
// does not declare the result.
func unknownInside(p *rule.Pass, t *facts.PipelineTask) {
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		if u.Var.Kind != tekref.ResultPath || u.Role != facts.Substituted || u.Var.Fault != "" || !facts.Deferred(u.Text.Field) ||
			t.Runs.Results == nil || t.Runs.Results[u.Var.Name] != nil {
			continue
		}
		name := u.Var.Name
		p.Error(u.Spot, name, u.String()+" refers to a result that "+t.Runs.Label+" does not declare",
			phrase.Suggest(name, t.Runs.ResultNames(), "write $(tasks.TASK.results."+name+") to read a result of another task")).Misspelled(name, t.Runs.ResultNames())
	}
}

// unknownOfStep reports a result that a Task, a step or a StepAction does not
// declare.
func unknownOfStep(p *rule.Pass, t *facts.TaskSpec, u *facts.StepUse) {
	name := u.Var.Name
	switch u.Var.Kind {
	case tekref.ResultPath:
		if u.Escaped || p.Again(t, name, u.Spot) {
			return
		}
		p.Error(u.Spot, name, t.Label+" declares no result "+phrase.Quote(name)+"; "+u.String()+" is passed on unreplaced",
			phrase.Suggest(name, t.ResultNames(), "declare result "+phrase.Quote(name)+" in "+t.Label)).Misspelled(name, t.ResultNames())
	case tekref.StepResultPath:
		if u.Escaped {
			return
		}
		owner := t.Label
		if u.Step >= 0 {
			owner = t.Steps()[u.Step].Label
		}
		p.Error(u.Spot, name, owner+" declares no result "+phrase.Quote(name)+"; "+u.String()+" is passed on unreplaced",
			phrase.Suggest(name, u.ResultNames(), "declare result "+phrase.Quote(name)+" in "+owner)).Misspelled(name, u.ResultNames())
	case tekref.StepResult:
		step := "step " + phrase.Quote(u.Var.Owner)
		p.Error(u.Spot, name, u.String()+" refers to a result that "+step+" does not declare", phrase.Suggest(name, u.ResultNames(), "declare result "+phrase.Quote(name)+" in the step"),
			t.Spot.Index("steps", u.Step).Related(step)).Misspelled(name, u.ResultNames())
	}
}
