package names

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed namespace-missing.md
var namespaceMissingText string

var namespaceMissing = &rule.Rule{
	Code:     "namespace-missing",
	Severity: diag.Note,
	Persona:  rule.Pedantic,
	Topic:    "names",
	Text:     namespaceMissingText,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		e := p.Entry
		if e.Within != nil || e.Namespace() != "" || !e.IsNamespaced() {
			return
		}
		near := p.Set.NamespacesBeside(e)
		if near.With < 3*near.Without || p.Again(e.Dir(), "", p.At("metadata", "name")) {
			return
		}
		at := p.At("metadata", "name")
		if e.Ref.Name == "" {
			at = p.At("metadata", "generateName")
		}
		help := "set metadata.namespace"
		if near.Only != "" {
			help += ": " + near.Only
		}
		p.Note(at, "", e.Ref.String()+" has no namespace, but "+phrase.Count(near.With, "object")+" beside it have one: kubectl applies it to the namespace of its context", help)
	},
}
