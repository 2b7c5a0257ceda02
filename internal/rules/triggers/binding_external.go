package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed binding-external.md
var bindingExternalText string

var bindingExternal = &rule.Rule{
	Code:     "binding-external",
	Severity: diag.Note,
	Topic:    "triggers",
	Text:     bindingExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "TriggerBinding", "ClusterTriggerBinding") },
}
