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

// fieldUnknown is reported by the readers in package manifest. Its Run reports it for
// the resource templates of a TriggerTemplate.
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

// stray reports a field in a resource template that its kind does not have.
func stray(p *rule.Pass, x *facts.Stray) {
	if x.Exact != "" {
		r := p.Warning(x.Spot, x.Name, "the field "+phrase.Quote(x.Name)+" is written "+phrase.Quote(x.Exact)+": Tekton reads it in any case, but other tools do not", "rename it to "+phrase.Quote(x.Exact))
		rename(x.Name, x.Meant, x.Spot, r)
		return
	}
	help, meant := x.Help, x.Meant
	if help == "" {
		help = phrase.Suggest(x.Name, x.Known, "remove it")
	}
	if to := moved[x.Name]; to != "" {
		if first, _, _ := strings.Cut(to, "."); slices.Contains(x.Known, first) {
			help, meant = "use "+to, ""
		}
	}
	r := p.Error(x.Spot, x.Name, "unknown field "+phrase.Quote(x.Name), help)
	if x.Help == "" {
		rename(x.Name, meant, x.Spot, r)
	}
}

// rename adds the fix of a field that was meant to have another name. It is a guess, unless
// only the case differs.
func rename(name, meant string, at rule.Spot, r rule.Reported) {
	if meant != "" {
		at.Part = ""
		r.Fix("rename "+phrase.Quote(name)+" to "+phrase.Quote(meant), strings.EqualFold(name, meant), rule.RenameKey(at, meant))
	}
}

// moved maps fields of v1beta1 to their places in v1.
var moved = map[string]string{
	"serviceAccountName": "taskRunTemplate.serviceAccountName", "podTemplate": "taskRunTemplate.podTemplate", "timeout": "timeouts.pipeline",
	"resources": "computeResources", "stepOverrides": "stepSpecs", "sidecarOverrides": "sidecarSpecs",
	"taskServiceAccountName": "serviceAccountName", "taskPodTemplate": "podTemplate", "bundle": "resolver: bundles",
}
