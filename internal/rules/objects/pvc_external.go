package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pvc-external.md
var pvcExternalText string

var pvcExternal = &rule.Rule{
	Code:     "pvc-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     pvcExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "PersistentVolumeClaim") },
}
