package triggers

import (
	_ "embed"
	"net/textproto"

	"github.com/tekwright/tekwright/internal/celenv"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed cel-type.md
var celTypeText string

var celType = &rule.Rule{
	Code:     "cel-type",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     celTypeText,
	Kinds:    triggerKinds,
	Run: func(p *rule.Pass) {
		for _, x := range p.Entry.Interceptors() {
			params := x.SoundParams()
			if params == nil {
				continue
			}
			if params.Filter != "" && celenv.Filter(params.Filter) == nil {
				misusedHeaders(p, x.Param("filter"), params.Filter, true)
			}
			for _, o := range x.Overlays() {
				if o.Err == nil {
					misusedHeaders(p, o.Spot.Field("expression"), o.Expression, false)
				}
			}
		}
	},
}

// misusedHeaders reports the headers that an expression uses as strings. The first one is
// an error if no event gets past the expression.
func misusedHeaders(p *rule.Pass, s facts.Spot, expr string, filter bool) {
	found, outcome := celenv.Headers(expr)
	for i := range found {
		m := &found[i]
		message, help := misuse(m)
		at, text := s.Of(m.Text), m.Text
		if text == "" {
			at, text = s.Of(m.Header), m.Header
		}
		switch {
		case i == 0 && outcome == celenv.Fails:
			p.Error(at, text, message+": every event is rejected", help)
		case i == 0 && outcome == celenv.NeverTrue && filter:
			p.Error(at, text, message+": no event passes the filter", help)
		default:
			p.Warning(at, text, message, help)
		}
	}
}

// misuse returns what is wrong with the use of a header, and the right one.
func misuse(m *celenv.Misuse) (message, help string) {
	text, name := m.Text, m.Header
	if text == "" {
		text = "a header"
		if name != "" {
			text = "header " + phrase.Quote(name)
		}
	}
	if name == "" {
		name = "NAME"
	}
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	asString := "header.canonical('" + canonical + "')"
	help = "use " + asString + ", which is a string"
	switch m.Kind {
	case celenv.NeverEqual, celenv.AlwaysUnequal:
		message = text + " is a list of strings, so this comparison is always false"
		if m.Kind == celenv.AlwaysUnequal {
			message = text + " is a list of strings, so this comparison is always true"
			help = "use !header.match('" + canonical + "', '" + m.Value + "')"
		} else {
			help = "use header.match('" + canonical + "', '" + m.Value + "')"
		}
		if m.Value == "" {
			help = "use " + asString + ", which is a string"
		}
	case celenv.NoOverload:
		message = text + " is a list of strings, and " + m.Call + " of a list is an error"
	case celenv.NotCanonical:
		message = phrase.Quote(name) + " is not the canonical form of the header, and no event has it"
		help = "use " + phrase.Quote(canonical) + ", or " + asString + ", which accepts any case"
	}
	return message, help
}
