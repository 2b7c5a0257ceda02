package workspaces

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed workspace-unused.md
var workspaceUnusedText string

var workspaceUnused = &rule.Rule{
	Code:     "workspace-unused",
	Severity: diag.Warning,
	Topic:    "workspaces",
	Text:     workspaceUnusedText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			if len(t.Spec.Workspaces) == 0 {
				continue
			}
			unused := t.UnusedWorkspaces()
			if len(unused) == 1 && t.MeantWorkspace() != "" {
				continue // one mistake makes one finding
			}
			for _, i := range unused {
				name := t.Spec.Workspaces[i].Name
				p.Warning(t.Spot.Index("workspaces", i), name, "workspace "+phrase.Quote(name)+" of "+t.Label+" is never used",
					"use $(workspaces."+name+".path), give it a mountPath, or remove it")
			}
		}
		for _, s := range p.Entry.PipelineSpecs() {
			if len(s.Spec.Workspaces) == 0 {
				continue
			}
			unused := s.UnusedWorkspaces()
			if len(unused) == 1 && s.MeantWorkspace() != "" {
				continue
			}
			for _, i := range unused {
				name := s.Spec.Workspaces[i].Name
				p.Warning(s.Spot.Index("workspaces", i), name, "workspace "+phrase.Quote(name)+" of "+s.Label+" is never used", "bind it in a task, or remove it")
			}
		}
	},
}
