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
	Supersedes: []string{"image-floating", "image-invalid", "param-unused", "workspace-unused", "result-unwritten", "result-value", "onerror-invalid"},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			uses := t.ForeignUses()
			var reader *foreignReader
			for i := range uses {
				if u := &uses[i]; reader == nil || reader.text != u.Text {
					reader = newForeignReader(p, t, u)
				}
				if severity, ok := reader.severity(&uses[i]); ok {
					foreign(p, &uses[i], severity)
				}
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

// foreignReader is what reads a text of a Task spec, for all variables in it.
type foreignReader struct {
	text   *facts.Text
	script *shell.Script   // nil if no shell reads the text
	other  bool            // it is a script of another interpreter
	sets   map[string]bool // the words of the script, and what is before = in them; nil until asked

	read    int  // up to here, the lines of the script were looked at
	comment bool // the line there is a comment
}

func newForeignReader(p *rule.Pass, t *facts.TaskSpec, u *facts.ForeignUse) *foreignReader {
	r := &foreignReader{text: u.Text}
	if t.IsScript(u.Text) {
		r.script = p.Set.Script(masked(u.Text.Value))
		return r
	}
	if c := t.ContainerAt(u.Spot); c != nil && u.Text.Item {
		// The script of a shell is among the first words.
		line := slices.Concat(c.Command, c.Args[:min(len(c.Args), 8)])
		switch i := facts.InlineScript(line, len(c.Command)); {
		case i < 0 || line[i] != u.Text.Value:
		case shell.IsShell(line[0]):
			r.script = p.Set.InlineScript(masked(line[i]), line[:i])
		default:
			r.other = true
		}
	}
	return r
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

// severity returns the severity of a variable, and whether to report it. A shell rejects
// ${params.x}, and reads $params.x as a variable of its own and a suffix. Other
// interpreters may know all of them.
func (r *foreignReader) severity(u *facts.ForeignUse) (diag.Severity, bool) {
	s := r.script
	switch {
	case r.other:
		return 0, false
	case u.Text.Field == "params.default":
		return diag.Warning, true
	case s == nil:
		return diag.Error, true
	case s.Shell == "":
		return 0, false
	}
	place := s.Place(u.Start)
	if i := strings.LastIndexByte(s.Text[r.read:u.Start], '\n'); i >= 0 || r.read == 0 {
		r.comment = strings.HasPrefix(strings.TrimLeft(s.Text[r.read+i+1:u.Start], " \t"), "#")
	}
	r.read = u.Start
	if r.comment {
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
		return diag.Warning, !quoted && !r.isSet(root)
	}
	return diag.Warning, true
}

// isSet reports whether the script sets a variable of its own.
func (r *foreignReader) isSet(name string) bool {
	if r.sets == nil {
		r.sets = map[string]bool{}
		for i := range r.script.Commands {
			for j := range r.script.Commands[i].Words {
				word, _, _ := strings.Cut(r.script.Commands[i].Words[j].Text, "=")
				r.sets[word] = true
			}
		}
	}
	return r.sets[name]
}
