package volumes

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-invalid.md
var volumeInvalidText string

var volumeInvalid = &rule.Rule{
	Code:     "volume-invalid",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     volumeInvalidText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			for i := range t.Spec.Volumes {
				v := &t.Spec.Volumes[i]
				switch n := len(facts.VolumeSources(v)); {
				case n == 0:
					p.Warning(t.Spot.Index("volumes", i), v.Name, "volume "+phrase.Quote(v.Name)+" has no source, so it becomes an empty directory", "set emptyDir: {} if that is intended")
				case n > 1:
					p.Error(t.Spot.Index("volumes", i), v.Name, "volume "+phrase.Quote(v.Name)+" has several sources", "keep one of them")
				}
			}
		}
	},
}
