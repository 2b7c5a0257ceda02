package volumes

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-duplicate.md
var volumeDuplicateText string

var volumeDuplicate = &rule.Rule{
	Code:     "volume-duplicate",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     volumeDuplicateText,
	Run: func(p *rule.Pass) {
	},
}
