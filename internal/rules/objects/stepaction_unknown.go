package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed stepaction-unknown.md
var stepActionUnknownText string

var stepActionUnknown = &rule.Rule{
	Code:     "stepaction-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     stepActionUnknownText,
	Needs:    []rule.Fact{rule.Objects},
	Run:      func(p *rule.Pass) { lookup.UnknownRef(p, "StepAction") },
}
