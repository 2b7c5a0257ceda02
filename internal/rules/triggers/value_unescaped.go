package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed value-unescaped.md
var valueUnescapedText string

var valueUnescaped = &rule.Rule{
	Code:     "value-unescaped",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     valueUnescapedText,
	Kinds:    slices.Concat(templateKinds, bindingKinds),
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			brokenBy(p, t.OwnParams(), []*facts.Trigger{t})
		}
		if params := p.Entry.BindingParams(); len(params) > 0 {
			brokenBy(p, params, p.Entry.BindingUsers())
		}
		for _, t := range p.Entry.Templates() {
			brokenDefaults(p, t)
		}
	},
}

// brokenBy reports the params of a binding with which the template of one of the
// triggers is not valid JSON.
func brokenBy(p *rule.Pass, params []*facts.BindingParam, users []*facts.Trigger) {
	left := map[string]*facts.BindingParam{}
	for _, b := range params {
		if b.IsAwkward() {
			left[b.Name] = b
		}
	}
	known := false
	for _, t := range users {
		if len(left) == 0 {
			return
		}
		spec, _, label := t.TemplateOf()
		known = known || spec != nil
		for _, c := range t.Breaking() {
			if b := left[c.Name]; b != nil && c.Param == b {
				delete(left, c.Name)
				p.Error(c.Spot, c.Name, "param "+phrase.Quote(c.Name)+" contains "+faults(c.Faults)+", so the JSON of "+label+" becomes invalid: no event creates anything", escapeHelp(c.Escaped))
			}
		}
	}
	if known {
		return
	}
	for _, b := range params {
		if left[b.Name] != b {
			continue
		}
		found := b.Faults()
		if len(found) == 0 {
			continue
		}
		message := "param " + phrase.Quote(b.Name) + " contains " + faults(found) + ", so the JSON of a template that uses it becomes invalid: no event creates anything"
		if slices.Contains(found, facts.Quote) || strings.HasSuffix(b.Value, `\`) {
			// The annotation of the template, or the text after it, may mend this.
			p.Warning(b.Spot, b.Name, message, escapeHelp(facts.EscapeJSON(b.Value, false)))
		} else {
			p.Error(b.Spot, b.Name, message, escapeHelp(facts.EscapeJSON(b.Value, false)))
		}
	}
}

// brokenDefaults reports the defaults of a template with which its JSON is not valid. A
// default applies where no binding sets the param, and where the path in a binding finds
// nothing.
func brokenDefaults(p *rule.Pass, t *facts.Template) {
	broken := t.BreakingDefaults()
	if len(broken) == 0 {
		return
	}
	users := t.Users()
	var all, complete given
	reads := map[string]bool{} // by the name of the param
	for _, user := range users {
		params, known := user.Supply()
		all.add(params)
		if known {
			complete.add(params)
		}
		for _, b := range params {
			reads[b.Name] = reads[b.Name] || len(b.Takes()) > 0
		}
	}
	for i := range broken {
		c := &broken[i]
		message := "the default of param " + phrase.Quote(c.Name) + " contains " + faults(c.Faults) + ", so the JSON of " + t.Label + " becomes invalid"
		switch {
		case len(users) == 0 || complete.lack(c.Name):
			p.Error(c.Spot, c.Name, message+": an event that uses it creates nothing", escapeHelp(c.Escaped))
		case reads[c.Name] || all.lack(c.Name):
			p.Warning(c.Spot, c.Name, message+" if an event lacks the value that the binding reads: then nothing is created", escapeHelp(c.Escaped))
		}
	}
}

// given counts the triggers that set a param.
type given struct {
	triggers int
	by       map[string]int // by the name of the param
}

func (g *given) add(params []*facts.BindingParam) {
	if g.by == nil {
		g.by = map[string]int{}
	}
	g.triggers++
	seen := map[string]bool{}
	for _, b := range params {
		if !seen[b.Name] {
			seen[b.Name] = true
			g.by[b.Name]++
		}
	}
}

// lack reports whether some trigger does not set the param.
func (g *given) lack(name string) bool { return g.by[name] < g.triggers }

// faultWords has the words for the reasons why a text cannot be in a JSON string.
var faultWords = map[facts.JSONFault]string{
	facts.LineBreak: "a line break",
	facts.Tab:       "a tab",
	facts.Control:   "a control character",
	facts.Quote:     "a double quote",
	facts.Backslash: "a backslash that begins no JSON escape",
}

func faults(all []facts.JSONFault) string {
	words := make([]string, len(all))
	for i, f := range all {
		words[i] = faultWords[f]
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// escapeHelp returns the help for a value that is not escaped, with the escaped value if
// it is short.
func escapeHelp(escaped string) string {
	const general = `escape it as in JSON, in single quotes: \n for a line break, \t for a tab, \" for a quote, \\ for a backslash`
	if len(escaped) <= 80 {
		return "write '" + strings.ReplaceAll(escaped, "'", "''") + "', in single quotes"
	}
	return general
}
