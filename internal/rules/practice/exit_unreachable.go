package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed exit-unreachable.md
var exitUnreachableText string

var exitUnreachable = &rule.Rule{
	Code:     "exit-unreachable",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     exitUnreachableText,
	Run: func(p *rule.Pass) {
	},
}
