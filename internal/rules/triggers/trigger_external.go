package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed trigger-external.md
var triggerExternalText string

var triggerExternal = &rule.Rule{
	Code:     "trigger-external",
	Severity: diag.Note,
	Topic:    "triggers",
	Text:     triggerExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "Trigger") },
}
