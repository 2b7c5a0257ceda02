package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed serviceaccount-unknown.md
var serviceaccountUnknownText string

var serviceaccountUnknown = &rule.Rule{
	Code:     "serviceaccount-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     serviceaccountUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "ServiceAccount") },
}
