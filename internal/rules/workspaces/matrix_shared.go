package workspaces

import (
	_ "embed"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed matrix-shared.md
var matrixSharedText string

var matrixShared = &rule.Rule{
	Code:     "matrix-shared",
	Severity: diag.Warning,
	Topic:    "workspaces",
	Text:     matrixSharedText,
	Kinds:    rule.PipelineSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces, rule.Scripts},
	Run: func(p *rule.Pass) {
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				if t.IsMatrixed() {
					sharedByMatrix(p, s, t)
				}
			}
		}
	},
}

// sharedByMatrix reports the workspaces that all runs of a matrix may write to.
func sharedByMatrix(p *rule.Pass, s *facts.PipelineSpec, t *facts.PipelineTask) {
	inner := t.RunsTask()
	if size, known := t.MatrixSize(s.DefaultLength); inner == nil || known && size < 2 {
		return
	}
	params := map[string]bool{}
	for _, m := range t.Matrix.GetAllParams() {
		params[m.Name] = true
	}
	shared := sharedPaths(inner, params)
	for i, w := range t.BoundByTask() {
		source := facts.From(&w)
		if s.Workspaces[source] == nil && !s.RunBinds(source) || s.IsApart(source) || !shared[w.Name] {
			continue
		}
		if d := t.Runs.Workspace(w.Name); d != nil && d.ReadOnly {
			continue
		}
		at := t.Spot.Field("matrix")
		if i < len(t.Workspaces) {
			at = t.Spot.Index("workspaces", i)
		}
		p.Warning(at, source, "the runs of the matrix of "+t.Label+" share workspace "+phrase.Quote(source)+" and run at the same time, so one may overwrite the files of another",
			"use a directory of its own for each run, such as $(workspaces."+w.Name+".path)/$(params.NAME) with a param of the matrix, or, if the Task only reads it, declare the workspace readOnly there",
			t.Spot.Field("matrix").Related("the matrix"))
	}
}
