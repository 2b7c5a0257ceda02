package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed claim-external.md
var claimExternalText string

var claimExternal = &rule.Rule{
	Code:     "claim-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     claimExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "PersistentVolumeClaim") },
}
