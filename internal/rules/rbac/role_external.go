package rbac

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed role-external.md
var roleExternalText string

var roleExternal = &rule.Rule{
	Code:     "role-external",
	Severity: diag.Note,
	Topic:    "rbac",
	Text:     roleExternalText,
	Needs:    []rule.Fact{rule.Objects, rule.Events},
	Run:      func(p *rule.Pass) { lookup.External(p, "Role", "ClusterRole") },
}
