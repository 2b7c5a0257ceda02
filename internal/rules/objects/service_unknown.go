package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed service-unknown.md
var serviceUnknownText string

var serviceUnknown = &rule.Rule{
	Code:     "service-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     serviceUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "Service") },
}
