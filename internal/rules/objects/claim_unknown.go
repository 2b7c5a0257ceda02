package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed claim-unknown.md
var claimUnknownText string

var claimUnknown = &rule.Rule{
	Code:     "claim-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     claimUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "PersistentVolumeClaim") },
}
