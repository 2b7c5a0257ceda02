package triggers

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/celenv"
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
			case x.Path.Whole && len(fields) == 1 && !isExtensions(fields[0]) && slices.Contains(eventRoots, strings.ToLower(fields[0])):
				p.Error(at, b.Name, x.Text+" is an object, whose quotes end the string in "+label+" that uses it: nothing is created",
					"use a string field of it, or make it a string with marshalJSON() in an overlay")
			case x.Path.Many:
				p.Warning(at, b.Name, x.Text+" becomes a JSON list unless it matches exactly one value, and the quotes of the list break the string in "+label+" that uses it",
					"use one item, such as $(body.commits[0].id), or join them in an overlay of a CEL interceptor")
			case x.Path.Whole && isExtensions(fields[0]):
				help := "use one item, such as $(" + x.Expr + "[0]), or make it a string with join() or marshalJSON()"
				if len(fields) == 1 {
					help = "use one of them, such as $(extensions.NAME)"
				}
				switch quotesAt(t, facts.ExtensionPath(fields[1:])) {
				case celenv.AllQuotes:
					p.Error(at, b.Name, x.Text+" is a list or an object, whose quotes end the string in "+label+" that uses it: nothing is created", help)
				case celenv.MayQuotes:
					p.Warning(at, b.Name, x.Text+" is a list or an object, and its quotes, if it has any, end the string in "+label+" that uses it: then nothing is created", help)
				case celenv.NoQuotes:
				}
			}
		}
	}
}

func isExtensions(root string) bool { return root == "extensions" || root == "Extensions" }

// quotesAt returns whether the JSON of the extensions at a path has quotes when it
// reaches the template of a trigger. It is certain if it is so on each way.
func quotesAt(t *facts.Trigger, path string) celenv.Quotes {
	ways := t.Outgoing()
	least, most := celenv.AllQuotes, celenv.NoQuotes
	for i := range ways {
		q := ways[i].QuotesAt(path)
		least, most = min(least, q), max(most, q)
	}
	if least == celenv.AllQuotes || most == celenv.NoQuotes {
		return min(least, most)
	}
	return celenv.MayQuotes
}
