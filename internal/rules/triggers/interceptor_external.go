package triggers

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed interceptor-external.md
var interceptorExternalText string

var interceptorExternal = &rule.Rule{
	Code:     "interceptor-external",
	Severity: diag.Note,
	Topic:    "triggers",
	Text:     interceptorExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "ClusterInterceptor", "Interceptor") },
}
