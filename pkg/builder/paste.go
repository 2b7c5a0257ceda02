package builder

import (
	"strings"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
)

// pasting are the inputs that a script contains.
type pasting struct {
	at     place
	inputs []TaskString
}

// PasteScript sets a script that contains inputs as variables of Tekton, as a script that
// was written for YAML may. Whoever sets such an input can run commands. So they are
// listed: Build reports a warning (input-in-script) for them, and an error for an input in
// the script that is not listed.
//
//	//go:embed tag.sh
//	var tagScript string
//
//	t.Step("tag").Image(image).PasteScript(tagScript, t.Param("version", r.Version))
//
// In a new script, use [Step.Script] and pass inputs to Env.
func (s *Step) PasteScript(script string, inputs ...TaskString) *Step {
	if s != nil {
		s.pastes(callsite.Here(), script, inputs)
	}
	return s
}

// PasteScript is like [Step.PasteScript].
func (s *Sidecar) PasteScript(script string, inputs ...TaskString) *Sidecar {
	if s != nil {
		s.pastes(callsite.Here(), script, inputs)
	}
	return s
}

func (c *container) pastes(at place, script string, inputs []TaskString) {
	c.script = said{at, TaskString(script)}
	c.pasted = &pasting{at: at, inputs: append([]TaskString(nil), inputs...)}
}

// script lowers the script of a step or a sidecar.
func (l *lowering) script(c *container, path diag.Path) string {
	text := l.said(c.scope, "script", path, "script", c.script)
	if c.pasted != nil {
		l.pasted(c, text)
	}
	return text
}

// pasted reports inputs that a script contains and that are not listed, and those that are
// listed and that it does not contain.
func (l *lowering) pasted(c *container, script string) {
	listed, contained := map[string]bool{}, map[string]bool{}
	for m := range tekref.Scan(script) {
		v := tekref.Parse(m.Expr)
		if !m.Open && v.Fault == "" && (v.Kind == tekref.Param || v.Kind == tekref.TaskResult) {
			contained[pasteKey(v)] = true
		}
	}
	for _, in := range c.pasted.inputs {
		tok, ok := handle.Single(string(in))
		if ok && tok.Form == handle.Outer {
			l.text(c.scope, c.pasted.at, "PasteScript", "", in)
		} else if !ok || tok.Owner.ID != c.scope.owner.ID || tok.Form == handle.Bad {
			if !ok || tok.Form != handle.Bad {
				l.reportf(c.pasted.at, "handle-misplaced", "PasteScript of %s gets %s, which is not an input of the task", l.in, quote(string(in))).
					Help = "pass what Param, ArrayParam or ObjectParam returned"
			}
			continue
		}
		key := pasteKey(tekref.Parse(tok.Expr))
		if listed[key] = true; !contained[key] {
			f := l.reportf(c.pasted.at, "handle-misplaced", "PasteScript of %s gets %s, which the script does not contain", l.in, quote(tok.Text()))
			f.Help, f.Subject = "remove the input from the call", tok.Expr
		}
	}
	for m := range tekref.Scan(script) {
		v := tekref.Parse(m.Expr)
		key := pasteKey(v)
		if !contained[key] || m.Open || listed[key] {
			continue
		}
		listed[key] = true // each once
		f := l.reportf(c.pasted.at, "input-in-script", "the script of %s contains %s, which is not passed to PasteScript", l.in, quote(m.String()))
		f.Help, f.Subject = `pass the input to PasteScript, or to Env and write "$NAME" in the script`, m.Expr
	}
}

// pasteKey is the same for all variables that read the same input.
func pasteKey(v tekref.Variable) string {
	if v.Kind == tekref.Param {
		return "params\x00" + v.Name
	}
	return "tasks\x00" + v.Owner + "\x00" + v.Name
}

// inScript returns the severity of an input in a script at a path of the Task, which is
// that of the rule if the steps are not described in Go.
func (t *Task) inScript(path diag.Path, rule diag.Severity) diag.Severity {
	if t.source != nil {
		return rule
	}
	if !strings.HasSuffix(path.String(), ".script") {
		return diag.Error
	}
	if i, ok := itemOf(path, "steps"); ok && i < len(t.steps) && t.steps[i].pasted != nil {
		return diag.Warning
	}
	if i, ok := itemOf(path, "sidecars"); ok && i < len(t.sidecars) && t.sidecars[i].pasted != nil {
		return diag.Warning
	}
	return diag.Error
}
