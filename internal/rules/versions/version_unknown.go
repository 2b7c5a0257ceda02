package versions

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed version-unknown.md
var versionUnknownText string

var versionUnknown = &rule.Rule{
	Code:     "version-unknown",
	Severity: diag.Error,
	Topic:    "versions",
	Text:     versionUnknownText,
	Run: func(p *rule.Pass) {

		if v := p.Entry.Version(); v.State == facts.NeverServed {
			p.Error(p.At("apiVersion"), p.Entry.Ref.Kind, v.Noun+" does not serve "+p.Entry.Ref.Kind+" in "+v.APIVersion, "set apiVersion: "+v.To)
		}
	},
}
