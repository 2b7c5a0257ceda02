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
	Needs:    []rule.Fact{rule.Objects, rule.Results, rule.Variables},
	Run: func(p *rule.Pass) {
		lookup.UnknownRef(p, "Task")
		unknownTaskNames(p)
	},
}
