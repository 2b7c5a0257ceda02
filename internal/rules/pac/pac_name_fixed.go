package pac

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-name-fixed.md
var nameFixedText string

// nameFixed reports runs that have a name beside a generateName.
var nameFixed = &rule.Rule{
	Code:     "pac-name-fixed",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     nameFixedText,
	Kinds:    []string{"PipelineRun"},
	Run: func(p *rule.Pass) {
		run := p.Entry.Run
		if run == nil || !p.Entry.IsPipelinesAsCode() || p.Entry.Body() != nil {
			return
		}
		if run.Name != "" && run.GenerateName != "" {
			p.Error(p.At("metadata", "name"), run.Name, "the run has both a name and a generateName: Pipelines-as-Code keeps the name, so only the first run can be created",
				"remove one of them; Pipelines-as-Code makes a generateName of a name")
		}
	},
}
