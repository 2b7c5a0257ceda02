package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed result-size.md
var resultSizeText string

var resultSize = &rule.Rule{
	Code:     "result-size",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     resultSizeText,
	Run: func(p *rule.Pass) {
	},
}
