package documents

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed yaml-invalid.md
var yamlInvalidText string

var yamlInvalid = &rule.Rule{
	Code:     "yaml-invalid",
	Severity: diag.Error,
	Topic:    "documents",
	Text:     yamlInvalidText,
}
