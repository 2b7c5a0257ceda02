package names

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed name-invalid.md
var nameInvalidText string

var nameInvalid = &rule.Rule{
	Code:     "name-invalid",
	Severity: diag.Error,
	Topic:    "names",
	Text:     nameInvalidText,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		objectName(p)
		for _, t := range p.Entry.TaskSpecs() {
			taskNames(p, t)
		}
		for _, s := range p.Entry.PipelineSpecs() {
			pipelineNames(p, s)
		}
		runNames(p)
		eventNames(p)
		secretKeys(p)
	},
}
