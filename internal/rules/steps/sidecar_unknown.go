package steps

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed sidecar-unknown.md
var sidecarUnknownText string

var sidecarUnknown = &rule.Rule{
	Code:     "sidecar-unknown",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     sidecarUnknownText,
	Kinds:    []string{"PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for o := range overrides(p) {
			if len(o.sidecars) == 0 {
				continue
			}
			runs := o.target(p)
			if runs.Spec == nil {
				continue
			}
			for i := range o.sidecars {
				name := o.sidecars[i].Name
				if name != "" && !runs.HasSidecar(name) {
					unknownSidecar(p, o.spot.Index("sidecarSpecs", i).Field("name"), name, runs)
				}
			}
		}
	},
}

func unknownSidecar(p *rule.Pass, s facts.Spot, name string, runs *facts.Definition) {
	p.Error(s, name, "sidecarSpecs refers to sidecar "+phrase.Quote(name)+", which "+runs.Label+" does not have", phrase.Suggest(name, runs.SidecarNames(), "use the name of a sidecar of "+runs.Label+", or remove the entry")).Misspelled(name, runs.SidecarNames())
}
