package workspaces

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed workspace-optional.md
var workspaceOptionalText string

var workspaceOptional = &rule.Rule{
	Code:     "workspace-optional",
	Severity: diag.Error,
	Topic:    "workspaces",
	Text:     workspaceOptionalText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.Runs.Spec != nil {
					optionalBindings(p, t)
				}
			}
		}
	},
}

// optionalBindings reports optional workspaces of the pipeline that a task binds
// to required ones of its Task.
func optionalBindings(p *rule.Pass, t *facts.PipelineTask) {
	for i := range t.Workspaces {
		w := &t.Workspaces[i]
		source := facts.From(w)
		own := t.Pipeline.Workspaces[source]
		if own == nil || !own.Optional {
			continue
		}
		target := t.Runs.Workspace(w.Name)
		if target == nil || target.Optional {
			continue
		}
		at := t.Spot.Index("workspaces", i)
		message := "workspace " + phrase.Quote(source) + " of " + t.Pipeline.Label + " is optional, but " + t.Runs.Label + " requires workspace " + phrase.Quote(w.Name)
		const help = "make both optional, or both required"
		if w.Workspace == "" {
			p.Warning(at, source, message+", so runs that do not bind it fail", help)
		} else {
			p.Error(at, source, message, help)
		}
	}
}
