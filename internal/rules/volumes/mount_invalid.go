package volumes

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed mount-invalid.md
var mountInvalidText string

var mountInvalid = &rule.Rule{
	Code:     "mount-invalid",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     mountInvalidText,
	Run: func(p *rule.Pass) {
	},
}
