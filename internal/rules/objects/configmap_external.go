package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed configmap-external.md
var configMapExternalText string

var configMapExternal = &rule.Rule{
	Code:     "configmap-external",
	Severity: diag.Note,
	Topic:    "objects",
	Text:     configMapExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "ConfigMap") },
}
