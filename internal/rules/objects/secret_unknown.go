package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-unknown.md
var secretUnknownText string

var secretUnknown = &rule.Rule{
	Code:     "secret-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     secretUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "Secret") },
}
