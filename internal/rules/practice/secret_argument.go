package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-argument.md
var secretArgumentText string

var secretArgument = &rule.Rule{
	Code:     "secret-argument",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     secretArgumentText,
	Run: func(p *rule.Pass) {
	},
}
