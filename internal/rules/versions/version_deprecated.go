package versions

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed version-deprecated.md
var versionDeprecatedText string

var versionDeprecated = &rule.Rule{
	Code:     "version-deprecated",
	Severity: diag.Warning,
	Topic:    "versions",
	Text:     versionDeprecatedText,
	Run: func(p *rule.Pass) {
		at := p.At("apiVersion")
		if v := p.Entry.Version(); v.State == facts.Deprecated && !p.Again(p.Set, v.APIVersion, at) {
			p.Warning(at, v.APIVersion, v.APIVersion+" is deprecated; "+v.Noun+" stores this "+p.Entry.Ref.Kind+" as "+v.To, "set apiVersion: "+v.To+moves(p.Entry))
		}
	},
}

// moves returns the fields of the object that have other names in v1, for the help.
func moves(e *rule.Entry) string {
	switch {
	case e.Old == nil:
		return ""
	case e.Run != nil:
		return "; move serviceAccountName and podTemplate to taskRunTemplate, and timeout to timeouts.pipeline"
	case e.Task != nil:
		return "; rename resources of steps to computeResources"
	}
	return ""
}
