package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed stepaction-external.md
var stepActionExternalText string

var stepActionExternal = &rule.Rule{
	Code:     "stepaction-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     stepActionExternalText,
	Needs:    []rule.Fact{rule.Objects},
	Run:      func(p *rule.Pass) { lookup.ExternalRef(p, "StepAction") },
}
