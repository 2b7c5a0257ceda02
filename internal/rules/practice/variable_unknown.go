package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed variable-unknown.md
var variableUnknownText string

var variableUnknown = &rule.Rule{
	Code:     "variable-unknown",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     variableUnknownText,
	Run: func(p *rule.Pass) {
	},
}
