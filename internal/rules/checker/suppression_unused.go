package checker

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed suppression-unused.md
var suppressionUnusedText string

// suppressionUnused has no Run: package check knows which comments have suppressed
// something, when all other rules are done.
var suppressionUnused = &rule.Rule{
	Code:     "suppression-unused",
	Severity: diag.Note,
	Topic:    "checker",
	Text:     suppressionUnusedText,
}
