package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed namespace-external.md
var namespaceExternalText string

var namespaceExternal = &rule.Rule{
	Code:     "namespace-external",
	Severity: diag.Note,
	Topic:    "triggers",
	Text:     namespaceExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "Namespace") },
}
