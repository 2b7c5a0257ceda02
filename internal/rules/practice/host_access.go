package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed host-access.md
var hostAccessText string

var hostAccess = &rule.Rule{
	Code:     "host-access",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     hostAccessText,
	Run: func(p *rule.Pass) {
	},
}
