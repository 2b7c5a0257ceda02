package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pvc-unknown.md
var pvcUnknownText string

var pvcUnknown = &rule.Rule{
	Code:     "pvc-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     pvcUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "PersistentVolumeClaim") },
}
