package volumes

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed volume-unknown.md
var volumeUnknownText string

var volumeUnknown = &rule.Rule{
	Code:     "volume-unknown",
	Severity: diag.Warning,
	Topic:    "volumes",
	Text:     volumeUnknownText,
	Run: func(p *rule.Pass) {
	},
}
