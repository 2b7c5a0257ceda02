package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed tls-off.md
var tlsOffText string

var tlsOff = &rule.Rule{
	Code:     "tls-off",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     tlsOffText,
	Run: func(p *rule.Pass) {
	},
}
