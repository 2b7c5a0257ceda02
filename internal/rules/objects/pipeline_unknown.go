package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pipeline-unknown.md
var pipelineUnknownText string

var pipelineUnknown = &rule.Rule{
	Code:     "pipeline-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     pipelineUnknownText,
	Needs:    []rule.Fact{rule.Objects},
	Run:      func(p *rule.Pass) { lookup.UnknownRef(p, "Pipeline") },
}
