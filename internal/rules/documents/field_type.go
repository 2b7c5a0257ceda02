package documents

import (
	_ "embed"
	"reflect"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed field-type.md
var fieldTypeText string

// fieldType is reported by the readers in package manifest. Its Run reports it for
// the resource templates of a TriggerTemplate, whose fields an event fills in.
var fieldType = &rule.Rule{
	Code:     "field-type",
	Severity: diag.Error,
	Topic:    "documents",
	Text:     fieldTypeText,
	Kinds:    []string{"TriggerTemplate", "Trigger", "EventListener"},
	Run: func(p *rule.Pass) {
		for _, b := range p.Entry.Bodies() {
			for i := range b.Misfits {
				misfit(p, &b.Misfits[i])
			}
		}
	},
}

// field returns the name of the field at a spot, for the beginning of a sentence.
func field(s facts.Spot) string {
	if last := s.Path.Last().Name; last != "" {
		return last
	}
	return "this field"
}

// misfit reports a value in a resource template that does not have the type of its
// field.
func misfit(p *rule.Pass, m *facts.Misfit) {
	text, isText := m.Value.(string)
	noun, is := phrase.Type(m.Type), phrase.Value(m.Value)
	if m.Grammar {
		noun, help := "a "+strings.ToLower(m.Type.Name()), "correct it"
		switch m.Type.Name() {
		case "Quantity":
			noun, help = "a quantity", "write a number with an optional suffix: 500m, 1Gi"
		case "Duration":
			noun, help = "a duration", "write a number with a unit: 30s, 1h30m"
		}
		if isText {
			is = phrase.Quote(text)
		}
		p.Error(m.Spot, text, field(m.Spot)+" must be "+noun+", not "+is+"; the API server rejects the object", help)
		return
	}
	switch {
	case isText && tekref.Contains(text):
		p.Error(m.Spot, text, "this field must be "+noun+", but a param of a TriggerTemplate is always replaced by a string, so the API server rejects the object", "write a literal value")
	case isText:
		p.Error(m.Spot, text, "this field is "+noun+", not a string; the API server rejects the object", "remove the quotes")
	case m.Type.Kind() == reflect.String:
		p.Error(m.Spot, "", "this field must be a string, not "+is+"; the API server rejects the object", "put it in quotes")
	default:
		p.Error(m.Spot, "", "this field must be "+noun+", not "+is+"; the API server rejects the object", "write "+noun)
	}
}
