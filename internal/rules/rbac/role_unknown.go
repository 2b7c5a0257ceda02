package rbac

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed role-unknown.md
var roleUnknownText string

var roleUnknown = &rule.Rule{
	Code:     "role-unknown",
	Severity: diag.Error,
	Topic:    "rbac",
	Text:     roleUnknownText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.Unknown(p, "Role", "ClusterRole") },
}
