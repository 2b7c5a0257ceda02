package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed trigger-unknown.md
var triggerUnknownText string

var triggerUnknown = &rule.Rule{
	Code:     "trigger-unknown",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     triggerUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "Trigger") },
}
