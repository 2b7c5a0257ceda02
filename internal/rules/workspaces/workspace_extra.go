package workspaces

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed workspace-extra.md
var workspaceExtraText string

var workspaceExtra = &rule.Rule{
	Code:     "workspace-extra",
	Severity: diag.Warning,
	Topic:    "workspaces",
	Text:     workspaceExtraText,
	Kinds:    []string{"PipelineRun"},
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		if p.Entry.Run == nil || len(p.Entry.Run.Spec.Workspaces) == 0 {
			return
		}
		list := p.Entry.Run.Spec.Workspaces
		pipeline, supposed := phrase.RunPipeline(p)
		if pipeline == nil || pipeline.IsSigned() {
			return
		}
		declared, bound := pipeline.WorkspaceNames(), names(list, bindingName)
		for i := range list {
			name := list[i].Name
			if pipeline.Workspaces[name] != nil || pipeline.UsedWorkspaces()[name] || missingInstead(pipeline, declared, bound, name) {
				continue
			}
			p.Warning(p.At("spec").Index("workspaces", i), name,
				p.Entry.Label()+" binds workspace "+phrase.Quote(name)+", which "+pipeline.Label+" does not declare, so it is ignored",
				phrase.Suggest(name, declared, "remove it, or declare it there"), supposed.Related()...).Misspelled(name, declared)
		}
	},
}

// missingInstead reports whether a name is most likely the misspelled name of a
// workspace that the pipeline requires and the run does not bind.
func missingInstead(pipeline *facts.PipelineSpec, declared []string, bound map[string]bool, name string) bool {
	near := suggest.Name(name, declared)
	w := pipeline.Workspaces[near]
	return near != "" && w != nil && !w.Optional && !bound[near]
}
