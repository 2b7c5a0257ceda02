package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed service-external.md
var serviceExternalText string

var serviceExternal = &rule.Rule{
	Code:     "service-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     serviceExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "Service") },
}
