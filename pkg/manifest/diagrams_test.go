package manifest_test

import (
	"os"
	"path/filepath"
	"testing"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
)

func TestDiagrams(t *testing.T) {
	p := pipeline("build", "a", "b", "c", "d", "e", "f")
	tasks := p.Spec.Tasks
	tasks[1].RunAfter = []string{tasks[0].Name}
	tasks[2].RunAfter = []string{tasks[0].Name, tasks[1].Name}
	tasks[1].Matrix = &pipelinev1.Matrix{
		Params:  pipelinev1.Params{{Name: "os", Value: *pipelinev1.NewStructuredValues("a", "b")}, {Name: "go", Value: *pipelinev1.NewStructuredValues("1", "2")}},
		Include: pipelinev1.IncludeParamsList{{Name: "race"}, {}},
	}
	tasks[1].When = pipelinev1.WhenExpressions{{Input: "$(params.branch)", Operator: "in", Values: []string{"main", "next"}}, {CEL: `'$(params.a)' !=
		'a very long text that does not fit into a diagram of a pipeline'`}}
	tasks[2].TaskRef = &pipelinev1.TaskRef{APIVersion: "example.com/v1", Kind: "Approval", Name: "ask"}
	tasks[3].TaskRef, tasks[3].TaskSpec = nil, &pipelinev1.EmbeddedTask{}
	tasks[3].TaskSpec.APIVersion, tasks[3].TaskSpec.Kind = "example.com/v1", "Wait"
	tasks[3].Matrix = &pipelinev1.Matrix{}
	tasks[4].TaskRef, tasks[4].PipelineRef = nil, &pipelinev1.PipelineRef{Name: "inner"}
	tasks[5].TaskRef.APIVersion = "tekton.dev/v1"
	p.Spec.Finally = pipeline("", "d").Spec.Tasks
	p.Spec.Finally[0].Name = "last"
	p.Spec.Finally[0].When = pipelinev1.WhenExpressions{{Input: "$(tasks.a.status)", Operator: "notin", Values: []string{"Succeeded"}}}
	diagrams, err := set(p, task("a", "x")).Diagrams()
	require.NoError(t, err)
	require.Len(t, diagrams, 1)
	assert.Equal(t, `---
title: "Pipeline build"
---
flowchart LR
  n0["a"]
  n1[["b<br>matrix: os, go, race<br>when $(params.branch) in main, next<br>when '$(params.a)' != 'a very long text that does not fit i…"]]
  n2{{"c<br>Approval ask"}}
  n3{{"d<br>Wait<br>matrix"}}
  n4{{"e<br>Pipeline inner"}}
  n5["f"]
  subgraph b0["finally"]
    n6["last<br>d<br>when $(tasks.a.status) notin Succeeded"]
  end
  n0 --> n1
  n1 --> n2
`, diagrams[0].Mermaid())
	assert.Contains(t, diagrams[0].DOT(), `n1 [label="b\nmatrix: os, go, race\nwhen `)
	assert.Contains(t, diagrams[0].DOT(), `, shape=box3d];`)
	assert.Contains(t, diagrams[0].DOT(), `n2 [label="c\nApproval ask", shape=hexagon];`)
}

// TestDiagramFiles tests the names of diagrams, their PipelineRuns, and wrong formats.
func TestDiagramFiles(t *testing.T) {
	a, b := pipeline("build", "a"), pipeline("build", "a")
	a.Namespace, b.Namespace = "one", "two"
	run := &pipelinev1.PipelineRun{}
	run.APIVersion, run.Kind, run.Name, run.Namespace = "tekton.dev/v1", "PipelineRun", "once", "one"
	run.Spec.PipelineSpec = &pipeline("", "a").Spec
	one, two := task("a", "x"), task("a", "x")
	one.Namespace, two.Namespace = "one", "two"
	of := func(f manifest.DiagramFormat) *manifest.Set {
		return set(a, b, run, one, two).Layout(manifest.Layout{Group: manifest.ByKind, Diagrams: f})
	}
	dir := t.TempDir()
	require.NoError(t, of(manifest.DOT).WriteDir(dir))
	assert.FileExists(t, dir+"/pipeline-build_one.dot")
	assert.FileExists(t, dir+"/pipeline-build_two.dot")
	assert.FileExists(t, dir+"/pipelinerun-once.dot")
	require.ErrorContains(t, of("svg").WriteDir(dir), `unknown format of diagrams "svg"`)
	require.NoError(t, of(manifest.DOT).CheckDir(dir), "nothing has changed")

	// Like a manifest, a diagram shows characters that a terminal would not show.
	for _, c := range []string{"\x1b[2J", "\u202e", "\u0085", "\u2028", "\r", "\u200b"} {
		hostile := pipeline("hostile", "a")
		hostile.Spec.Tasks[0].When = pipelinev1.WhenExpressions{{Input: "x", Operator: "in", Values: []string{"a" + c + "b"}}}
		for _, f := range []manifest.DiagramFormat{manifest.DOT, manifest.Mermaid} {
			dir := t.TempDir()
			require.NoError(t, set(hostile, task("a", "x")).Layout(manifest.Layout{Diagrams: f}).WriteDir(dir))
			for _, name := range list(t, dir) {
				text, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				assert.NotContains(t, string(text), c, "%s: %q", name, c)
			}
		}
	}

	// A copy is another set.
	first := of(manifest.DOT)
	other := first.Copy().Add(set(task("b", "x"))).Layout(manifest.Layout{})
	assert.Equal(t, manifest.DOT, first.CurrentLayout().Diagrams)
	assert.Empty(t, other.CurrentLayout().Diagrams)
	require.NoError(t, first.CheckDir(dir))
	assert.Nil(t, (*manifest.Set)(nil).Copy())
	assert.Zero(t, (*manifest.Set)(nil).CurrentLayout())
}
