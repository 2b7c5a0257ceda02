package pac

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pac-separator-ignored.md
var separatorIgnoredText string

// separatorIgnored is reported by the readers in package manifest.
var separatorIgnored = &rule.Rule{
	Code:     "pac-separator-ignored",
	Severity: diag.Error,
	Topic:    "pac",
	Text:     separatorIgnoredText,
}
