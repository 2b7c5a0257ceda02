package workspaces

import (
	_ "embed"
	"strings"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
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
	Needs:    []rule.Fact{rule.Objects, rule.Variables, rule.Workspaces},
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
		if s.Workspaces[source] == nil && !s.RunBinds(source) || isApart(s, source) || !shared[w.Name] {
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

// sharedPaths returns the workspaces whose paths a Task uses in a text without a param
// of the matrix, which might be the name of a directory.
func sharedPaths(t *facts.TaskSpec, params map[string]bool) map[string]bool {
	shared := map[string]bool{}
	apart := map[*facts.Text]bool{} // texts that have one; many variables may be in one text
	uses := t.WorkspaceUses()
	for i := range uses {
		u := &uses[i]
		if u.Var.Name != "path" || u.Escaped {
			continue
		}
		own, known := apart[u.Text]
		if !known {
			own = hasParam(t, u, params)
			apart[u.Text] = own
		}
		if !own {
			shared[u.Var.Owner] = true
		}
	}
	return shared
}

// hasParam reports whether the text of a use has one of the params.
func hasParam(t *facts.TaskSpec, u *facts.WorkspaceUse, params map[string]bool) bool {
	has := func(text string) bool {
		for m := range tekref.Scan(text) {
			if v := tekref.Parse(m.Expr); v.Kind == tekref.Param && params[v.Name] {
				return true
			}
		}
		return false
	}
	if has(u.Text.Value) {
		return true
	}
	if c := t.ContainerAt(u.Spot); c != nil && strings.HasSuffix(u.Text.Field, "script") {
		for j := range c.Env { // a script gets params from the environment
			if has(c.Env[j].Value) && strings.Contains(c.Script, c.Env[j].Name) {
				return true
			}
		}
	}
	return false
}
