package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed task-external.md
var taskExternalText string

var taskExternal = &rule.Rule{
	Code:     "task-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     taskExternalText,
	Needs:    []rule.Fact{rule.Objects},
	Run:      func(p *rule.Pass) { lookup.ExternalRef(p, "Task") },
}
