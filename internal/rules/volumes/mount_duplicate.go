package volumes

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed mount-duplicate.md
var mountDuplicateText string

var mountDuplicate = &rule.Rule{
	Code:     "mount-duplicate",
	Severity: diag.Error,
	Topic:    "volumes",
	Text:     mountDuplicateText,
	Run: func(p *rule.Pass) {
	},
}
