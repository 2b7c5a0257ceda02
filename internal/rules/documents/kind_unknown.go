package documents

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed kind-unknown.md
var kindUnknownText string

var kindUnknown = &rule.Rule{
	Code:     "kind-unknown",
	Severity: diag.Error,
	Topic:    "documents",
	Text:     kindUnknownText,
	Run: func(p *rule.Pass) {

		v, kind := p.Entry.Version(), p.Entry.Ref.Kind
		switch v.State {
		case facts.NotAKind:
			p.Error(p.At("kind"), kind, phrase.Quote(kind)+" is not a kind: a kind is one word, without a group or version", "write kind: Task, and put group and version into apiVersion")
		case facts.OtherGroup: // the YAML reader reports the same
			p.Error(p.At("apiVersion"), kind, v.Noun+" serves no "+kind+" of "+v.APIVersion, "set apiVersion: "+v.To)
		case facts.NoSuchKind:
			p.Error(p.At("kind"), kind, v.Noun+" has no kind "+phrase.Quote(kind), phrase.OneOf(kind, v.Kinds)).Misspelled(kind, v.Kinds)
		}
	},
}
