package pac

import (
	"regexp"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/naming"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// This file writes the values of events into a run. Pipelines-as-Code inserts them into the
// text of the file, and once more into the JSON of the run, and escapes nothing. The branch
// x'{{token}} would end a text in quotes, and show the param token. So a value that may
// contain such characters is written as a CEL expression that replaces them.

// field is a value that the run uses.
type field struct {
	text   string // as it is in the lowered run: {{ revision }}
	cel    string
	chars  charset
	quoted string // in a text in single quotes
	block  string // in a literal block
}

// stand is what the rules see in the place of a value. It is a valid name.
const stand = "pipelines-as-code"

// The replacements, in CEL. A quote is written as \x27, since the whole may be in quotes.
const (
	doubleQuotes = `.replace("\x27", "\x27\x27")`
	breakBraces  = `.replace("{{", "{ { ")`
	breakDollars = `.replace("$(", "$ (")`
	oneLineText  = `.replace("\r", "").replace("\n", "\\n")`
)

// write sets how the value is written.
func (f *field) write() {
	if f.cel == "" {
		f.quoted, f.block = f.text, f.text
		return
	}
	expr := f.cel
	switch f.chars {
	case free:
		expr += oneLineText + breakBraces + breakDollars
	case ref:
		expr += breakBraces + breakDollars
	}
	f.block = "{{ cel: " + expr + " }}"
	if f.chars != safe {
		expr += doubleQuotes
	}
	f.quoted = "{{ cel: " + expr + " }}"
}

// render writes the values into the run, and returns the run that the rules check instead.
func (l *lowering) render(o *v1.PipelineRun, used []builder.EventField) *v1.PipelineRun {
	fields := l.fields(used)
	checked := o.DeepCopy()
	l.labelsOf(o, fields)
	if len(fields) == 0 {
		return checked
	}
	pairs := make([]string, 0, 2*len(fields))
	for _, f := range fields {
		pairs = append(pairs, f.text, stand)
	}
	handle.Walk(checked, strings.NewReplacer(pairs...).Replace)
	handle.Walk(o, func(s string) string { return l.insert(s, fields) })
	return checked
}

// insert writes the values into a text.
func (l *lowering) insert(s string, fields []field) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	var b strings.Builder
	rest, before := s, rune(-1) // before is the character before rest, 0 for a free value
	for rest != "" {
		i, f := next(rest, fields)
		if f == nil {
			b.WriteString(rest)
			break
		}
		if i > 0 {
			before = rune(rest[i-1])
		}
		b.WriteString(rest[:i])
		rest = rest[i+len(f.text):]
		if f.chars != safe {
			_, follower := next(rest, fields)
			adjacent := follower != nil && strings.HasPrefix(rest, follower.text) && follower.chars != safe
			if before == '{' || before == '$' || before == 0 || adjacent || strings.HasPrefix(rest, "{") && !strings.HasPrefix(rest, "{{ ") || strings.HasPrefix(rest, "(") {
				l.fail(l.at, "pac-value-adjacent", "the text "+quoted(s)+" has no character between "+f.text+" and another value, a brace, a $ or a parenthesis, with which the value could form a variable",
					"write a blank or a dash between them")
			}
		}
		before = -1
		if f.chars != safe {
			before = 0
		}
		if strings.Contains(s, "\n") {
			b.WriteString(f.block)
		} else {
			b.WriteString(f.quoted)
		}
	}
	out := b.String()
	if !yamlwrite.IsVerbatim(s) {
		l.fail(l.at, "pac-value-escaped", "the text "+quoted(s)+" has a value of the event beside a tab or another character for which YAML needs escapes", "remove the character")
	}
	return out
}

// next returns the first value in a text and its offset, nil if there is none.
func next(s string, fields []field) (int, *field) {
	at, first := len(s), (*field)(nil)
	for i := range fields {
		if j := strings.Index(s, fields[i].text); j >= 0 && j < at {
			at, first = j, &fields[i]
		}
	}
	return at, first
}

// fields returns the values that the run uses, each once, and reports those that it cannot
// have.
func (l *lowering) fields(used []builder.EventField) []field {
	var out []field
	for _, u := range used {
		tok, ok := handle.Single(string(u.Text))
		if !ok {
			continue
		}
		report := func(code, message, help string) *mistake {
			f := l.fail(nil, code, message, help)
			f.Position, f.Subject = u.Position, tok.Expr
			return f
		}
		if tok.Owner.Scope != handle.PaC {
			report("handle-foreign", "the run uses "+quoted(tok.Text())+" of "+tok.Owner.Name+", an event of package triggers", "use the values of package pac: pac.Revision")
			continue
		}
		f := field{text: tok.Text()}
		if slices.ContainsFunc(out, func(g field) bool { return g.text == f.text }) {
			continue
		}
		if tok.Owner.ID != 0 {
			l.param(tok, &f, report)
		} else {
			l.variable(tok.Expr, &f, report)
		}
		f.write()
		out = append(out, f)
	}
	return out
}

// variable describes a value of the event, and reports it if the events of the run lack it.
func (l *lowering) variable(name string, f *field, report func(code, message, help string) *mistake) {
	if path, ok := strings.CutPrefix(name, "body."); ok {
		expr, _ := bodyCEL(path)
		f.cel, f.chars = `"%s".format([`+expr+`])`, free
		return
	}
	if header, ok := strings.CutPrefix(name, "headers."); ok {
		f.cel, f.chars = headerCEL(header), free
		return
	}
	v := variables[name]
	f.cel, f.chars = v.cel, v.chars
	if name == "target_branch" && l.exactly(pullRequest|push) || name == "git_tag" && l.exactly(tag) {
		f.cel, f.chars = "", safe
	}
	kinds := l.kinds()
	switch {
	case kinds == 0 || kinds&^v.kinds == 0:
	case name == "target_branch":
		report("pac-variable-empty", "the run uses TargetBranch, which is refs/tags/NAME for a tag", "use GitTag, or make another run for tags").Severity = diag.Warning
	case kinds&v.kinds == 0:
		report("pac-variable-empty", "the run uses "+quoted(f.text)+", which is empty: it is started by "+(kinds&^v.kinds).String(),
			"remove it, or add an event that has it: "+(v.kinds&^custom).String())
	default:
		report("pac-variable-empty", "the run uses "+quoted(f.text)+", which is empty if it is started by "+(kinds&^v.kinds).String(),
			"make another run for that event").Severity = diag.Warning
	}
}

// exactly reports whether all events of the run are of these kinds, and allow only certain
// branches or tags.
func (l *lowering) exactly(kinds kind) bool {
	for _, e := range l.events {
		if e.event == nil || e.kind&kinds == 0 || !e.exact() {
			return false
		}
	}
	return len(l.events) > 0
}

// labelsOf reports labels that the values of events can make invalid.
func (l *lowering) labelsOf(o *v1.PipelineRun, fields []field) {
	for _, list := range []map[string]string{o.Labels} {
		for _, k := range sortedKeys(list) {
			for _, f := range fields {
				if strings.Contains(list[k], f.text) && (f.chars != safe || slices.Contains(noLabels, f.text)) {
					l.fail(l.at, "label-invalid", "label "+quoted(k)+" uses "+quoted(f.text)+", which may contain characters that a label cannot have", "use Annotate instead")
				}
			}
			if rule := naming.LabelValue(); list[k] != "" && len(rule.Problems(plainly(list[k], fields))) > 0 {
				l.fail(l.at, "label-invalid", "label "+quoted(k)+" is "+quoted(list[k])+", which is not "+rule.Form, rule.Help)
			}
		}
	}
}

// plainly returns a text with short words for its values.
func plainly(s string, fields []field) string {
	for _, f := range fields {
		s = strings.ReplaceAll(s, f.text, "x")
	}
	return s
}

// noLabels are the safe values that are not valid in labels.
var noLabels = []string{"{{ repo_url }}", "{{ source_url }}", "{{ event_type }}", "{{ repo_owner }}"}

// anyVariable matches what Pipelines-as-Code may replace.
var anyVariable = regexp.MustCompile(`{{([^}]{2,})}}`)

// variableIn returns a variable of Pipelines-as-Code in a text, "" if there is none. Other
// texts in braces, such as those of Go templates, remain as they are.
func variableIn(s string) string {
	for _, m := range anyVariable.FindAllStringSubmatch(s, -1) {
		name := strings.TrimSpace(m[1])
		_, known := variables[name]
		if known && name != "short_revision" || strings.HasPrefix(name, "cel:") || strings.HasPrefix(name, "body.") || strings.HasPrefix(name, "headers[") || strings.HasPrefix(name, "files.") {
			return m[0]
		}
	}
	return ""
}
