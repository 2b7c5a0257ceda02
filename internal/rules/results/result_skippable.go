package results

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
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
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			guardedReads(p, s)
		}
	},
}

// guardedReads reports who reads a result of a task that may be skipped, without
// being skipped for the same reason.
func guardedReads(p *rule.Pass, s *facts.PipelineSpec) {
	type pair struct{ reader, owner *facts.PipelineTask }
	var told map[pair]bool
	uses := s.TaskUses()
	for i := range uses {
		u := &uses[i]
		if !u.ReadsResult() || len(u.Owner.When) == 0 {
			continue
		}
		guard := u.Owner.Spot.Index("when", 0).Related("its guard")
		if u.Reader == nil {
			p.Warning(u.Spot, u.Owner.Name, u.String()+" is left out when the guard of "+u.Owner.Label+" skips it", "", guard)
			continue
		}
		key := pair{u.Reader, u.Owner}
		if u.Reader == u.Owner || told[key] || u.Reader.SkippedWith(u.Owner) {
			continue
		}
		if told == nil {
			told = map[pair]bool{}
		}
		told[key] = true
		p.Warning(u.Spot, u.Owner.Name, u.Reader.Label+" reads "+u.String()+", so it is skipped whenever the guard of "+u.Owner.Label+" skips that",
			"give "+u.Reader.Label+" the same guard, if that is meant", guard)
	}
}
