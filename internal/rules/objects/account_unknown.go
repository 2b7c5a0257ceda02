package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed account-unknown.md
var accountUnknownText string

var accountUnknown = &rule.Rule{
	Code:     "account-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     accountUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "ServiceAccount") },
}
