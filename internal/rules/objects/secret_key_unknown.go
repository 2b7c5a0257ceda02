package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-key-unknown.md
var secretKeyUnknownText string

var secretKeyUnknown = &rule.Rule{
	Code:     "secret-key-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     secretKeyUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {

		keysUnknown(p, "Secret")
	},
}
