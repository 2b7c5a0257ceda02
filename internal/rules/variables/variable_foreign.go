package variables

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/shell"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed variable-foreign.md
var variableForeignText string

var variableForeign = &rule.Rule{
	Code:       "variable-foreign",
	Severity:   diag.Error,
	Topic:      "variables",
	Text:       variableForeignText,
	Kinds:      slices.Concat([]string{"TriggerTemplate", "Trigger", "EventListener"}, rule.TaskSpecKinds),
	Needs:      []rule.Fact{rule.Objects, rule.Variables, rule.Scripts},
	Supersedes: []string{"image-floating", "image-invalid", "param-unused", "workspace-unused", "result-unwritten", "result-value"},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			uses := t.ForeignUses()
			for i := range uses {
				foreignInTask(p, t, &uses[i])
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				for _, u := range t.ForeignUses() {
					foreign(p, &u, diag.Error)
				}
			}
			for _, u := range s.ForeignResultUses() {
				foreign(p, &u, diag.Error)
			}
		}
		for _, u := range p.Entry.ForeignRunUses() {
			foreign(p, &u, diag.Error)
		}
		for _, t := range p.Entry.Templates() {
			for _, u := range t.ForeignUses() {
				foreign(p, &u, diag.Error)
			}
		}
	},
}

// foreign reports a variable in the notation of another language. A Go template may
// be meant for the program that gets it.
func foreign(p *rule.Pass, u *facts.ForeignUse, severity diag.Severity) {
	subject := u.Var.Name
	if u.Var.Kind == tekref.Workspace {
		subject = u.Var.Owner
	}
	if u.Style == tekref.Template {
		severity = diag.Warning
	}
	if p.Again(u.Text, severity.String()+" "+u.Text.Value[u.Start:u.End], u.Spot) {
		return
	}
	p.Add(u.Spot, severity, subject, phrase.Quote(u.Text.Value[u.Start:u.End])+" is not a Tekton variable; it is passed on unreplaced", "write $("+u.Var.Fix+")")
}

// foreignInTask reports a variable of a Task spec.
func foreignInTask(p *rule.Pass, t *facts.TaskSpec, u *facts.ForeignUse) {
	if t.IsScript(u.Text) {
		if severity, ok := inScript(p.Set.Script(masked(u.Text.Value)), u); ok {
			foreign(p, u, severity)
		}
		return
	}
	c := t.ContainerAt(u.Spot)
	if c == nil || !u.Text.Item {
		foreign(p, u, diag.Error)
		return
	}
	line := slices.Concat(c.Command, c.Args)
	i := facts.InlineScript(line, len(c.Command))
	switch {
	case i < 0 || line[i] != u.Text.Value:
		foreign(p, u, diag.Error)
	case shell.IsShell(line[0]):
		if severity, ok := inScript(p.Set.InlineScript(masked(line[i]), line[:i]), u); ok {
			foreign(p, u, severity)
		}
	}
}

// masked returns a script in which the expressions that no shell can parse are
// plain words of the same length.
func masked(script string) string {
	var b strings.Builder
	last := 0
	for f := range tekref.ScanForeign(script) {
		if f.Style == tekref.DollarBrace {
			b.WriteString(script[last:f.Start])
			b.WriteString(strings.Repeat("_", f.End-f.Start))
			last = f.End
		}
	}
	if last == 0 {
		return script
	}
	return b.String() + script[last:]
}

// inScript returns the severity of a variable in a script, and whether to report it.
// A shell rejects ${params.x}, and reads $params.x as a variable of its own and a
// suffix. Other interpreters may know all of them.
func inScript(s *shell.Script, u *facts.ForeignUse) (diag.Severity, bool) {
	if s.Shell == "" {
		return 0, false
	}
	place := s.Place(u.Start)
	if line := s.Text[strings.LastIndexByte(s.Text[:u.Start], '\n')+1:]; strings.HasPrefix(strings.TrimLeft(line, " \t"), "#") {
		place = shell.Comment // also after an error
	}
	quoted := place == shell.SingleQuotes || place == shell.QuotedHereDocument || place == shell.Unread
	switch {
	case place == shell.Comment:
		return 0, false
	case u.Style == tekref.DollarBrace && !quoted:
		return diag.Error, true
	case u.Style == tekref.DollarName:
		root, _ := tekref.Root(u.Var.Expr)
		return diag.Warning, !quoted && !sets(s, root)
	}
	return diag.Warning, true
}

// sets reports whether a script sets a variable of its own.
func sets(s *shell.Script, name string) bool {
	for i := range s.Commands {
		for j := range s.Commands[i].Words {
			if text := s.Commands[i].Words[j].Text; text == name || strings.HasPrefix(text, name+"=") {
				return true
			}
		}
	}
	return false
}
