package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed privileged.md
var privilegedText string

var privileged = &rule.Rule{
	Code:     "privileged",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     privilegedText,
	Run: func(p *rule.Pass) {
	},
}
