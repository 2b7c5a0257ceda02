package documents

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed template-unrendered.md
var templateUnrenderedText string

var templateUnrendered = &rule.Rule{
	Code:     "template-unrendered",
	Severity: diag.Error,
	Topic:    "documents",
	Text:     templateUnrenderedText,
}
