package order

import (
	_ "embed"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed when-duplicate.md
var whenDuplicateText string

var whenDuplicate = &rule.Rule{
	Code:     "when-duplicate",
	Severity: diag.Warning,
	Topic:    "order",
	Text:     whenDuplicateText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Order, rule.Scripts},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if !slices.ContainsFunc(t.When, func(w v1.WhenExpression) bool { return repeated(&w) > 0 }) || t.DeadWhen() >= 0 {
					continue
				}
				for i := range t.When {
					repeatedValue(p, t.Spot.Index("when", i), &t.When[i])
				}
			}
		}
		for _, t := range p.Entry.TaskSpecs() {
			for i := range t.Spec.Steps {
				when := t.Spec.Steps[i].When
				for j := range when {
					in := t.WhenInput(&when[j])
					if in.Excludes(&when[j]) {
						break
					}
					repeatedValue(p, t.Spot.Index("steps", i).Index("when", j), &when[j])
				}
			}
		}
	},
}

// repeated returns the index of the first value in a when expression that is listed
// before; 0 if there is none.
func repeated(w *v1.WhenExpression) int {
	seen := make(map[string]bool, len(w.Values))
	for i, v := range w.Values {
		if seen[v] {
			return i
		}
		seen[v] = true
	}
	return 0
}

func repeatedValue(p *rule.Pass, s rule.Spot, w *v1.WhenExpression) {
	i := repeated(w)
	if i == 0 {
		return
	}
	v := w.Values[i]
	p.Warning(s.Index("values", i), v, "the when expression lists "+phrase.Quote(v)+" twice", "remove one of them, or correct it",
		s.Index("values", slices.Index(w.Values, v)).Related("first listed here"))
}
