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

// inputInScript reports inputs in scripts: anyone who sets them writes part of the
// script.
var inputInScript = &rule.Rule{
	Code:     "input-in-script",
	Severity: diag.Note,
	Topic:    "practice",
	Text:     inputInScriptText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Scripts},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			pasted(p, t)
		}
	},
}

// pasted reports the inputs in each script of a Task spec once.
func pasted(p *rule.Pass, t *facts.TaskSpec) {
	texts := t.Texts()
	for i := range texts {
		tx := &texts[i]
		script := t.IsScript(tx)
		if !script && !t.IsInlineScript(tx) {
			continue
		}
		var inputs []string
		var uses []*facts.Use
		t.EachUse(tx, func(u *facts.Use) {
			if isInput(t, u) {
				inputs, uses = append(inputs, u.Match.String()), append(uses, u)
			}
		})
		if len(inputs) == 0 {
			continue
		}
		s, what := tx.Spot.Of(inputs[0]), inputs[0]
		who, pass := ": anyone who sets it can run commands", "pass it through env"
		if last := len(inputs) - 1; last > 0 {
			what = strings.Join(inputs[:last], ", ") + " and " + inputs[last]
			who, pass = ": anyone who sets one of them can run commands", "pass each through env"
		}
		switch {
		case t.Action != nil && script:
			r := p.Error(s, inputs[0], "the script of "+t.Label+" contains "+what+", which Tekton rejects in a StepAction", pass+`, and use "$NAME" in the script`)
			throughEnv(p, r, t, tx, uses)
		case script:
			r := p.Note(s, inputs[0], "the script contains "+what+who, pass+`, and use "$NAME" in the script`)
			throughEnv(p, r, t, tx, uses)
		default:
			p.Note(s, inputs[0], "the argument is a script that contains "+what+who,
				pass+` and use "$NAME", or as another argument`)
		}
	}
}

// isInput reports whether the value of a variable in a script may be any text. A
// param with an enum does not count.
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
