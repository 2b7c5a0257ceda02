package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed account-external.md
var accountExternalText string

var accountExternal = &rule.Rule{
	Code:     "account-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     accountExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "ServiceAccount") },
}
