package practice

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed requests-missing.md
var requestsMissingText string

var requestsMissing = &rule.Rule{
	Code:     "requests-missing",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     requestsMissingText,
	Run: func(p *rule.Pass) {
	},
}
