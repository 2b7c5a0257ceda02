package volumes

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-invalid.md
var volumeInvalidText string

var volumeInvalid = &rule.Rule{
	Code:     "volume-invalid",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     volumeInvalidText,
	Run: func(p *rule.Pass) {
	},
}
