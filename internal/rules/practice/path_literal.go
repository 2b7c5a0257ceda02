package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed path-literal.md
var pathLiteralText string

var pathLiteral = &rule.Rule{
	Code:     "path-literal",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     pathLiteralText,
	Run: func(p *rule.Pass) {
	},
}
