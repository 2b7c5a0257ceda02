package steps

import (
	_ "embed"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed sidecar-duplicate.md
var sidecarDuplicateText string

var sidecarDuplicate = &rule.Rule{
	Code:     "sidecar-duplicate",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     sidecarDuplicateText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			phrase.Duplicates(p, diag.Error, t.Spot, "sidecars", "sidecar", t.Spec.Sidecars, func(s *v1.Sidecar) string { return s.Name })
			unnamedSidecars(p, t)
		}
		for o := range overrides(p) {
			phrase.Duplicates(p, diag.Error, o.spot, "sidecarSpecs", "sidecar", o.sidecars, func(s *v1.TaskRunSidecarSpec) string { return s.Name })
		}
	},
}

// unnamedSidecars reports the sidecars without a name, except the first one.
func unnamedSidecars(p *rule.Pass, t *facts.TaskSpec) {
	first := -1
	for i := range t.Spec.Sidecars {
		switch {
		case t.Spec.Sidecars[i].Name != "":
		case first < 0:
			first = i
		default:
			p.Error(t.Spot.Index("sidecars", i), "", "two sidecars have no name, so their containers get the same name", "give each a name",
				t.Spot.Index("sidecars", first).Related("the first sidecar without a name"))
		}
	}
}
