package practice

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed input-in-script.md
var inputInScriptText string

// inputInScript looks for inputs in scripts: whoever sets them writes the script.
var inputInScript = &rule.Rule{
	Code:     "input-in-script",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     inputInScriptText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			pasted(p, t)
		}
	},
}

// pasted reports the inputs of each script of a Task spec once.
func pasted(p *rule.Pass, t *facts.TaskSpec) {
	texts := t.Texts()
	for i := range texts {
		tx := &texts[i]
		script := t.IsScript(tx)
		if !script && !t.IsInlineScript(tx) {
			continue
		}
		var inputs []string
		t.EachUse(tx, func(u *facts.Use) {
			if isInput(t, u) {
				inputs = append(inputs, u.Match.String())
			}
		})
		if len(inputs) == 0 {
			continue
		}
		s, what := tx.Spot.Of(inputs[0]), strings.Join(inputs, ", ")
		switch {
		case t.Action != nil && script:
			p.Error(s, inputs[0], "the script of "+t.Label+" holds "+what+", which Tekton refuses in a StepAction", `pass it through env and write "$NAME" in the script`)
		case script:
			p.Warning(s, inputs[0], "the script holds "+what+": whoever sets the input can run commands", `pass it through env and write "$NAME" in the script`)
		default:
			p.Warning(s, inputs[0], "the argument is a script, and holds "+what+": whoever sets the input can run commands",
				`pass it through env and write "$NAME" there, or as a further argument`)
		}
	}
}

// isInput reports whether a variable in a script may hold anything. A param with
// an enum does not.
func isInput(t *facts.TaskSpec, u *facts.Use) bool {
	if u.Later() {
		return u.Var.Kind == tekref.Event
	}
	if u.Role != facts.Substituted || u.Var.Fault != "" {
		return false
	}
	switch u.Var.Kind {
	case tekref.Param:
		d := t.Params.Find(u.Var.Name)
		return d != nil && len(d.Enum) == 0
	case tekref.TaskResult:
		return t.Pipeline != nil && u.Var.Owner != t.PipelineTask.Name
	}
	return false
}
