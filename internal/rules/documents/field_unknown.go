package documents

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed field-unknown.md
var fieldUnknownText string

// fieldUnknown is reported by the readers in package manifest; here it is that
// for the objects that a template creates.
var fieldUnknown = &rule.Rule{
	Code:     "field-unknown",
	Severity: diag.Error,
	Topic:    "documents",
	Text:     fieldUnknownText,
	Kinds:    []string{"TriggerTemplate", "Trigger", "EventListener"},
	Run: func(p *rule.Pass) {
		for _, b := range p.Entry.Bodies() {
			for i := range b.Strays {
				stray(p, &b.Strays[i])
			}
		}
	},
}

// stray reports a field in an object that a template creates which its kind does
// not have.
func stray(p *rule.Pass, x *facts.Stray) {
	help := phrase.Suggest(x.Name, x.Known, "drop it")
	if to := moved[x.Name]; to != "" {
		if first, _, _ := strings.Cut(to, "."); slices.Contains(x.Known, first) {
			help = "write " + to
		}
	}
	p.Error(x.Spot, x.Name, "there is no field "+phrase.Quote(x.Name)+" here", help)
}

// moved are fields of v1beta1 that v1 has elsewhere.
var moved = map[string]string{
	"serviceAccountName": "taskRunTemplate.serviceAccountName", "podTemplate": "taskRunTemplate.podTemplate", "timeout": "timeouts.pipeline",
	"resources": "computeResources", "stepOverrides": "stepSpecs", "sidecarOverrides": "sidecarSpecs",
	"taskServiceAccountName": "serviceAccountName", "taskPodTemplate": "podTemplate", "bundle": "resolver: bundles",
}
