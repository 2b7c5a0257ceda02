package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed binding-object.md
var bindingObjectText string

var bindingObject = &rule.Rule{
	Code:     "binding-object",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     bindingObjectText,
	Kinds:    slices.Concat(triggerKinds, bindingKinds),
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.Triggers() {
			objectsUsed(p, t, t.OwnParams())
		}
		if params := p.Entry.BindingParams(); len(params) > 0 {
			for _, t := range p.Entry.BindingUsers() {
				given, _ := t.Supply()
				objectsUsed(p, t, given)
			}
		}
	},
}

// objectsUsed reports the objects and lists that the params of a trigger read from
// an event and the template substitutes into a string: their quotes end the string.
func objectsUsed(p *rule.Pass, t *facts.Trigger, params []*facts.BindingParam) {
	spec, _, label := t.TemplateOf()
	if spec == nil || t.EscapesQuotes() {
		return
	}
	for _, b := range params {
		if b.Spot.Entry != p.Entry || !t.TemplateUses(b.Name) {
			continue
		}
		takes := b.Takes()
		for i := range takes {
			x := &takes[i]
			at, fields := b.Spot.Of(x.Text), x.Path.Fields
			switch {
			case x.Err != nil || x.Open || len(fields) == 0:
			case x.Path.Whole && len(fields) == 1 && slices.Contains(eventRoots, fields[0]):
				p.Error(at, b.Name, x.Text+" is an object, whose quotes end the string in "+label+" that uses it: nothing is created",
					"use a string field of it, or make it a string with marshalJSON() in an overlay")
			case x.Path.Many:
				p.Warning(at, b.Name, x.Text+" becomes a JSON list unless it matches exactly one value, and the quotes of the list break the string in "+label+" that uses it",
					"use one item, such as $(body.commits[0].id), or join them in an overlay of a CEL interceptor")
			case x.Path.Whole && fields[0] == "extensions" && hasQuotes(t, strings.Join(fields[1:], ".")):
				p.Error(at, b.Name, x.Text+" is a list or an object, whose quotes end the string in "+label+" that uses it: nothing is created",
					"use one item, such as $("+x.Expr+"[0]), or make it a string with join() or marshalJSON()")
			}
		}
	}
}

// hasQuotes reports whether an extension that reaches the template of a trigger is
// a list or an object. Of extensions with the same path, the last one counts.
func hasQuotes(t *facts.Trigger, path string) bool {
	quotes := false
	for _, e := range t.Outgoing() {
		for _, x := range e.Added {
			if x.Path == path {
				quotes = x.Quotes
			}
		}
	}
	return quotes
}
