package results

import (
	_ "embed"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-skippable.md
var resultSkippableText string

var resultSkippable = &rule.Rule{
	Code:     "result-skippable",
	Severity: diag.Warning,
	Topic:    "results",
	Text:     resultSkippableText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Order, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			skippableReads(p, s)
		}
	},
}

// skippableReads reports tasks and pipeline results that read a result of a task that
// may be skipped, and are not skipped by the same when expressions.
func skippableReads(p *rule.Pass, s *facts.PipelineSpec) {
	type pair struct{ reader, owner *facts.PipelineTask }
	var reported map[pair]bool
	uses := s.TaskUses()
	for i := range uses {
		u := &uses[i]
		if !u.ReadsResult() || len(u.Owner.When) == 0 {
			continue
		}
		when := u.Owner.Spot.Index("when", 0).Related("the when expressions of " + u.Owner.Label)
		if u.Reader == nil {
			p.Note(u.Spot, u.Owner.Name, u.String()+" has no value if "+u.Owner.Label+" is skipped, so the pipeline result is omitted", "if this is not intended, use the result of a task that always runs", when)
			continue
		}
		key := pair{u.Reader, u.Owner}
		if u.Reader == u.Owner || reported[key] || u.Reader.SkippedWith(u.Owner) {
			continue
		}
		if reported == nil {
			reported = map[pair]bool{}
		}
		reported[key] = true
		message, help := u.Reader.Label+" reads "+u.String()+", so it is skipped if "+u.Owner.Label+" is skipped",
			"if this is not intended, do not read the result; if it is, give "+u.Reader.Label+" the when expressions of "+u.Owner.Label
		related := []diag.Related{when}
		severity := diag.Note // who needs the result is most likely meant to be skipped
		if u.Reader.Finally {
			severity = diag.Warning
		}
		if names, places := skippedAlong(s, u); len(names) > 0 {
			message += ", and so is what runs after it: " + names
			help += ", so that only " + u.Reader.Label + " is skipped"
			related, severity = append(related, places...), diag.Warning
		}
		p.Add(u.Spot, severity, u.Owner.Name, message, help, related...)
	}
}

// maxNamed is the number of tasks that a message names.
const maxNamed = 4

// skippedAlong returns the names and places of the tasks that are skipped with the
// reader of a result, although they do not read it: unlike the when expressions of a
// task, a missing result skips what runs after the task as well.
func skippedAlong(s *facts.PipelineSpec, u *facts.TaskUse) (string, []diag.Related) {
	if u.Reader.Finally || u.Reader.SkipsItself() {
		return "", nil
	}
	var names []string
	var places []diag.Related
	all := s.SkippedAfter(u.Reader, func(t *facts.PipelineTask) bool { return t.SkippedWith(u.Owner) || t.SkipsItself() })
	for _, t := range all {
		if len(names) == maxNamed {
			names = append(names, "more")
			break
		}
		names = append(names, t.Label)
		places = append(places, t.Spot.Related(t.Label+" is skipped too"))
	}
	return phrase.And(names), places
}
