package workspaces

import (
	_ "embed"
	"slices"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed workspace-duplicate.md
var workspaceDuplicateText string

var workspaceDuplicate = &rule.Rule{
	Code:     "workspace-duplicate",
	Severity: diag.Error,
	Topic:    "workspaces",
	Text:     workspaceDuplicateText,
	Kinds:    slices.Concat([]string{"CustomRun"}, rule.TaskSpecKinds),
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			phrase.Duplicates(p, diag.Error, t.Spot, "workspaces", "workspace", t.Spec.Workspaces, func(w *v1.WorkspaceDeclaration) string { return w.Name })
		}
		for _, s := range p.Entry.PipelineSpecs() {
			phrase.Duplicates(p, diag.Error, s.Spot, "workspaces", "workspace", s.Spec.Workspaces,
				func(w *v1.PipelineWorkspaceDeclaration) string { return w.Name })
			for _, t := range s.Tasks {
				phrase.Duplicates(p, diag.Error, t.Spot, "workspaces", "workspace", t.Workspaces, taskBindingName)
			}
		}
		switch e := p.Entry; {
		case e.Run != nil:
			phrase.Duplicates(p, diag.Error, p.At("spec"), "workspaces", "workspace", e.Run.Spec.Workspaces, bindingName)
		case e.TaskRun != nil:
			phrase.Duplicates(p, diag.Error, p.At("spec"), "workspaces", "workspace", e.TaskRun.Spec.Workspaces, bindingName)
		case e.CustomRun != nil:
			phrase.Duplicates(p, diag.Error, p.At("spec"), "workspaces", "workspace", e.CustomRun.Spec.Workspaces,
				func(w *v1beta1.WorkspaceBinding) string { return w.Name })
		}
	},
}
