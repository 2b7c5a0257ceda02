package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed image-floating.md
var imageFloatingText string

var imageFloating = &rule.Rule{
	Code:     "image-floating",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     imageFloatingText,
	Run: func(p *rule.Pass) {
	},
}
