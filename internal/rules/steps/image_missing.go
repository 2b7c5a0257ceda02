package steps

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed image-missing.md
var imageMissingText string

var imageMissing = &rule.Rule{
	Code:     "image-missing",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     imageMissingText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Image != "" {
				continue
			}
			t := c.Task
			switch c.Kind {
			case facts.Action:
				p.Error(c.Spot, c.Name, t.Label+" has no image", "set image")
			case facts.Step:
				if c.Step.Ref == nil && (t.Spec.StepTemplate == nil || t.Spec.StepTemplate.Image == "") {
					p.Error(c.Spot, c.Name, c.Label+" of "+t.Label+" has no image", "set image in the step or in stepTemplate")
				}
			case facts.Sidecar:
				p.Error(c.Spot, c.Name, c.Label+" of "+t.Label+" has no image", "set image")
			case facts.StepTemplate:
			}
		}
	},
}
