package objects

import (
	_ "embed"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed configmap-key-unknown.md
var configmapKeyUnknownText string

var configmapKeyUnknown = &rule.Rule{
	Code:     "configmap-key-unknown",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     configmapKeyUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run: func(p *rule.Pass) {

		keysUnknown(p, "ConfigMap")
	},
}
