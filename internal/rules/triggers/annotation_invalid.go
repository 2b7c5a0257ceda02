package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed annotation-invalid.md
var annotationInvalidText string

var annotationInvalid = &rule.Rule{
	Code:     "annotation-invalid",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     annotationInvalidText,
	Kinds:    listenerKinds,
	Run: func(p *rule.Pass) {
		const name = "tekton.dev/payload-validation"
		l := p.Entry.Event.Listener
		if l == nil {
			return
		}
		if v, ok := l.Annotations[name]; ok && v != "true" && v != "false" {
			p.Error(p.At("metadata", "annotations").Key(name), v, "annotation "+phrase.Quote(name)+" has the invalid value "+phrase.Quote(v), `use "true" or "false", in quotes`)
		}
	},
}
