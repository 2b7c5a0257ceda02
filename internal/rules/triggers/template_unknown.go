package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed template-unknown.md
var templateUnknownText string

var templateUnknown = &rule.Rule{
	Code:     "template-unknown",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     templateUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "TriggerTemplate") },
}
