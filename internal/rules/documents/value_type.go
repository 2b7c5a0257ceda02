package documents

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed value-type.md
var valueTypeText string

var valueType = &rule.Rule{
	Code:     "value-type",
	Severity: diag.Warning,
	Topic:    "documents",
	Text:     valueTypeText,
}
