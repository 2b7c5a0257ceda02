package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-external.md
var secretExternalText string

var secretExternal = &rule.Rule{
	Code:     "secret-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     secretExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "Secret") },
}
