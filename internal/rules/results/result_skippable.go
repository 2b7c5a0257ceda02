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
			p.Warning(u.Spot, u.Owner.Name, u.String()+" has no value if "+u.Owner.Label+" is skipped, so the pipeline result is omitted", "if this is not intended, use the result of a task that always runs", when)
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
		p.Warning(u.Spot, u.Owner.Name, u.Reader.Label+" reads "+u.String()+", so it is skipped if "+u.Owner.Label+" is skipped",
			"if this is not intended, do not read the result; if it is, give "+u.Reader.Label+" the when expressions of "+u.Owner.Label, when)
	}
}
