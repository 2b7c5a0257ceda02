package documents

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed document-limit.md
var documentLimitText string

var documentLimit = &rule.Rule{
	Code:     "document-limit",
	Severity: diag.Error,
	Topic:    "documents",
	Text:     documentLimitText,
}
