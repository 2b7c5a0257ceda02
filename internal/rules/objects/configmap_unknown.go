package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed configmap-unknown.md
var configMapUnknownText string

var configMapUnknown = &rule.Rule{
	Code:     "configmap-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     configMapUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "ConfigMap") },
}
