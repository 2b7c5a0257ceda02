package documents

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed key-duplicate.md
var keyDuplicateText string

var keyDuplicate = &rule.Rule{
	Code:     "key-duplicate",
	Severity: diag.Error,
	Topic:    "documents",
	Text:     keyDuplicateText,
}
