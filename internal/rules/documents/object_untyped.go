package documents

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed object-untyped.md
var objectUntypedText string

var objectUntyped = &rule.Rule{
	Code:     "object-untyped",
	Severity: diag.Error,
	Topic:    "documents",
	Text:     objectUntypedText,
}
