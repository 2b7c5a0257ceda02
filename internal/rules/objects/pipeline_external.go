package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pipeline-external.md
var pipelineExternalText string

var pipelineExternal = &rule.Rule{
	Code:     "pipeline-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     pipelineExternalText,
	Needs:    []rule.Fact{rule.Objects},
	Run:      func(p *rule.Pass) { lookup.ExternalRef(p, "Pipeline") },
}
