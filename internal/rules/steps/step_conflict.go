package steps

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed step-conflict.md
var stepConflictText string

var stepConflict = &rule.Rule{
	Code:     "step-conflict",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     stepConflictText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			switch {
			case c.Kind == facts.StepTemplate:
			case c.Kind == facts.Step && c.Step.Ref != nil:
				besideRef(p, c)
			default:
				if c.Kind == facts.Step && len(c.Step.Params) > 0 {
					p.Error(c.Spot.Field("params"), "params", label(c)+" has params but no ref", "params are for StepActions: use $(params.NAME) of the Task")
				}
				if c.Script != "" && len(c.Command) > 0 {
					p.Error(c.Spot.Field("script"), "script", label(c)+" has both script and command", "drop one of them")
				}
			}
		}
	},
}

// besideRef reports what a step sets that its StepAction sets as well.
func besideRef(p *rule.Pass, c *facts.Container) {
	for _, f := range [...]struct {
		name string
		set  bool
	}{
		{"image", c.Image != ""}, {"command", len(c.Command) > 0}, {"args", len(c.Args) > 0},
		{"script", c.Script != ""}, {"workingDir", c.WorkingDir != ""}, {"env", c.Env != nil},
		{"volumeMounts", len(c.Mounts) > 0}, {"results", len(c.Step.Results) > 0},
	} {
		if f.set {
			p.Error(c.Spot.Field(f.name), f.name, label(c)+" has a ref, so it may not set "+f.name, "the StepAction sets it; pass what differs as params")
		}
	}
	if c.Security != nil {
		p.Warning(c.Spot.Field("securityContext"), "securityContext", "the securityContext of "+label(c)+" is ignored: that of its StepAction holds", "set it in the StepAction")
	}
}
