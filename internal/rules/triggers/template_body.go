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

// maxEmptied limits the triggers that are asked for one object.
const maxEmptied = 32

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
	users := b.Template.Users()
	// Many triggers may use a template with many objects.
	for _, t := range users[:min(len(users), maxEmptied)] {
		isEmpty := func(s string) bool {
			value, known := t.Constant(s)
			return known && value == ""
		}
		const so = ": nothing is created"
		switch {
		case isEmpty(version):
			p.Error(b.Spot.Field("apiVersion"), version, "apiVersion is empty with the params that "+t.Label+" sets"+so, "set the param to an apiVersion")
		case isEmpty(kind):
			p.Error(b.Spot.Field("kind"), kind, "kind is empty with the params that "+t.Label+" sets"+so, "set the param to a kind")
		case name != "" && isEmpty(name) && isEmpty(prefix):
			p.Error(b.Spot.Field("metadata", "name"), name, "the name of the object is empty with the params that "+t.Label+" sets"+so, "set the param to a name")
		case name == "" && prefix != "" && isEmpty(prefix):
			p.Error(b.Spot.Field("metadata", "generateName"), prefix, "generateName is empty with the params that "+t.Label+" sets"+so, "set the param to the beginning of a name")
		default:
			continue
		}
		return
	}
}
