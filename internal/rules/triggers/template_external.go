package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed template-external.md
var templateExternalText string

var templateExternal = &rule.Rule{
	Code:     "template-external",
	Severity: diag.Note,
	Topic:    "triggers",
	Text:     templateExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "TriggerTemplate") },
}
