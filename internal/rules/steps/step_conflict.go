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
					p.Error(c.Spot.Field("params"), "params", c.Label+" has params but no ref to a StepAction", "remove params and use $(params.NAME) to read the params of the Task, or add ref")
				}
				switch {
				case c.Script != "" && len(c.Command) > 0:
					p.Error(c.Spot.Field("script"), "script", c.Label+" has both script and command", "remove one of them")
				case c.Script != "" && c.Kind == facts.Step && templateCommand(c):
					p.Error(c.Spot.Field("script"), "script", c.Label+" has a script, and the stepTemplate sets the command of all steps", commandHelp)
				}
			}
		}
	},
}

// besideRef reports the fields of a step that only its StepAction may set.
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
			p.Error(c.Spot.Field(f.name), f.name, c.Label+" has a ref, so it cannot set "+f.name, "set it in the StepAction, and use params for the values that vary")
		}
	}
	if action := c.Task.ActionOf(c.Step); action != nil && action.StepAction.Spec.Script != "" && templateCommand(c) {
		p.Error(c.Spot.Field("ref"), "ref", "the StepAction of "+c.Label+" has a script, and the stepTemplate sets the command of all steps: its runs fail", commandHelp)
	}
	if c.Security != nil {
		p.Warning(c.Spot.Field("securityContext"), "securityContext", "the securityContext of "+c.Label+" is ignored: Tekton uses the one of its StepAction", "set it in the StepAction")
	}
}

const commandHelp = "remove command from the stepTemplate, and set it in the steps that have no script"

// templateCommand reports whether a step without a command gets that of the stepTemplate,
// which Tekton merges into each step before it validates the steps. In one with a ref, it does
// so for each run.
func templateCommand(c *facts.Container) bool {
	t := c.Task.Spec.StepTemplate
	return t != nil && len(t.Command) > 0
}
