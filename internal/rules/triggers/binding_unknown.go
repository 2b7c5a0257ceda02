package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed binding-unknown.md
var bindingUnknownText string

var bindingUnknown = &rule.Rule{
	Code:     "binding-unknown",
	Severity: diag.Error,
	Topic:    "triggers",
	Text:     bindingUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "TriggerBinding", "ClusterTriggerBinding") },
}
