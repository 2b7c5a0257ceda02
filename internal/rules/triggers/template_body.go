package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed template-body.md
var templateBodyText string

var templateBody = &rule.Rule{
	Code:     "template-body",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     templateBodyText,
	Kinds:    templateKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {
		for _, b := range p.Entry.Bodies() {
			switch {
			case b.Content == nil:
				p.Error(b.Spot, "", "a resource template of "+b.Template.Label+" is not an object", "use a map with apiVersion, kind, metadata and spec")
			case b.Entry == nil:
				p.Error(b.Spot, "", "a resource template of "+b.Template.Label+" lacks apiVersion or kind", "set both apiVersion and kind")
			default:
				emptied(p, b)
			}
		}
	},
}

// emptied reports an object that a trigger leaves without a kind or a name, because it
// sets the params in them to nothing.
func emptied(p *rule.Pass, b *facts.Body) {
	metadata, _ := b.Content["metadata"].(map[string]any)
	text := func(from map[string]any, field string) string {
		s, _ := from[field].(string)
		return s
	}
	version, kind := text(b.Content, "apiVersion"), text(b.Content, "kind")
	name, prefix := text(metadata, "name"), text(metadata, "generateName")
	if !tekref.Contains(version + kind + name + prefix) {
		return
	}
	const so = ": nothing is created"
	for _, x := range [...]struct {
		text          string // empty if nothing of the field is left
		at            facts.Spot
		field         string
		subject, help string
	}{
		{version, b.Spot.Field("apiVersion"), "apiVersion", version, "set the param to an apiVersion"},
		{kind, b.Spot.Field("kind"), "kind", kind, "set the param to a kind"},
		{name + prefix, b.Spot.Field("metadata", "name"), "the name of the object", name, "set the param to a name"},
		{prefix, b.Spot.Field("metadata", "generateName"), "generateName", prefix, "set the param to the beginning of a name"},
	} {
		if x.subject == "" || x.field == "generateName" && name != "" || !tekref.Contains(x.text) {
			continue
		}
		if t := b.Template.EmptiedBy(x.text); t != nil {
			p.Error(x.at, x.subject, x.field+" is empty with the params that "+t.Label+" sets"+so, x.help)
			return
		}
	}
}
