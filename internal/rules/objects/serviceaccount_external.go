package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed serviceaccount-external.md
var serviceaccountExternalText string

var serviceaccountExternal = &rule.Rule{
	Code:     "serviceaccount-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     serviceaccountExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "ServiceAccount") },
}
