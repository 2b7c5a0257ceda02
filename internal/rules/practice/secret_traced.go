package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed secret-traced.md
var secretTracedText string

var secretTraced = &rule.Rule{
	Code:     "secret-traced",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     secretTracedText,
	Run: func(p *rule.Pass) {
	},
}
