package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed task-unknown.md
var taskUnknownText string

var taskUnknown = &rule.Rule{
	Code:     "task-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     taskUnknownText,
	Needs:    []rule.Fact{rule.Objects},
	Run:      func(p *rule.Pass) { lookup.UnknownRef(p, "Task") },
}
