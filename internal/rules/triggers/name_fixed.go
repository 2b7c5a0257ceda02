package triggers

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed name-fixed.md
var nameFixedText string

var nameFixed = &rule.Rule{
	Code:     "name-fixed",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     nameFixedText,
	Kinds:    templateKinds,
	Run: func(p *rule.Pass) {
		for _, b := range p.Entry.Bodies() {
			if b.Entry != nil {
				fixedName(p, b)
			}
		}
	},
}

// fixedName reports an object that has the same name for each event: Tekton
// Triggers creates objects, and never updates them.
func fixedName(p *rule.Pass, b *facts.Body) {
	metadata, _ := b.Content["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	if name == "" || tekref.Contains(name) {
		return
	}
	at := b.Spot.Field("metadata", "name")
	if strings.HasSuffix(b.Kind, "Run") {
		p.Error(at, name, "every event creates "+b.Kind+" "+phrase.Quote(name)+", and all but the first fail because it already exists",
			"set metadata.generateName to "+phrase.Quote(name+"-")+", and remove metadata.name")
		return
	}
	p.Warning(at, name, "every event creates "+b.Kind+" "+phrase.Quote(name)+", and all but the first fail if it still exists",
		"set metadata.generateName, or use part of the event or $(uid) in the name")
}
