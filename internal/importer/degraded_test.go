package importer_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer"
)

// TestOnceDegraded has what was set by Mutate, or was YAML, before there were calls for it:
// results of StepActions as results of a Task, pipelines that a pipeline runs, and lists and
// objects that a TaskRun passes to a Task that is elsewhere.
func TestOnceDegraded(t *testing.T) {
	const text = `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: login}
spec:
  results: [{name: token, value: $(steps.in.results.token)}, {name: id, value: $(steps.out.results.id)}]
  steps:
    - {name: in, ref: {name: login}}
    - {name: out, ref: {resolver: hub, params: [{name: name, value: other}, {name: version, value: "1"}, {name: kind, value: stepaction}]}}
---
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: login}
spec: {image: registry.local/a:1, results: [{name: token}], script: "echo > $(step.results.token.path)"}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: outer}
spec:
  params: [{name: url}, {name: list, type: array}]
  workspaces: [{name: w}]
  tasks:
    - name: inner
      pipelineRef: {name: inner}
      params: [{name: repo, value: $(params.url)}, {name: flags, value: ["$(params.list[*])"]}]
      workspaces: [{name: source, workspace: w}]
    - name: existing
      runAfter: [inner]
      retries: 1
      pipelineRef: {name: absent}
      params: [{name: p, value: a$(params.url)}]
    - name: fetched
      pipelineRef: {resolver: git, params: [{name: url, value: $(params.url)}, {name: revision, value: main}, {name: pathInRepo, value: p.yaml}]}
  finally:
    - {name: last, pipelineRef: {name: inner}, params: [{name: repo, value: x}, {name: flags, value: []}]}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: inner}
spec:
  params: [{name: repo}, {name: flags, type: array}]
  workspaces: [{name: source, optional: true}]
  tasks: [{name: a, workspaces: [{name: source, workspace: source}], params: [{name: f, value: ["$(params.flags[*])"]}, {name: r, value: $(params.repo)}], taskRef: {name: t}}]
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {generateName: r-}
spec:
  taskRef: {name: login}
  params: [{name: more, value: [a, b]}, {name: object, value: {a: b}}, {name: text, value: x}]
`
	objects, x := parse(t, text, "x.yaml")
	files := make([]string, len(objects))
	for i, o := range objects {
		files[i] = "x.yaml"
		r := importer.Import(x, o, "x.yaml")
		assert.NotNil(t, r.Func, "%s: %s", o.GetObjectKind().GroupVersionKind().Kind, r.Reason)
		assert.Empty(t, r.Hatches, o.GetObjectKind().GroupVersionKind().Kind)
	}
	file, left := importer.Package(x, objects, files)
	require.Empty(t, left)
	file.Package = "ci"
	source, _, err := file.Print()
	require.NoError(t, err)
	for _, want := range []string{
		`builder.FromStep(inStep.Token)`, `p.AddPipeline("inner", `, `builder.ExistingPipeline("absent")`, `builder.RemotePipeline(`, `p.AddFinallyPipeline("last", `,
		`PassArray("more", `, `PassObject("object", `,
	} {
		assert.Contains(t, string(source), want, string(source))
	}
	c, err := checker()
	require.NoError(t, err)
	require.NoError(t, c.Check(context.Background(), map[string][]byte{"ci.go": source}), string(source))
}

// TestPipelinesInACircle imports pipelines that run each other.
func TestPipelinesInACircle(t *testing.T) {
	objects, x := parse(t, "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: a}\nspec: {tasks: [{name: b, pipelineRef: {name: b}}]}\n---\n"+
		"apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: b}\nspec: {tasks: [{name: a, pipelineRef: {name: a}}, {name: b, pipelineRef: {name: b}}]}\n", "x.yaml")
	file, left := importer.Package(x, objects, []string{"x.yaml", "x.yaml"})
	require.Empty(t, left)
	file.Package = "ci"
	source, _, err := file.Print()
	require.NoError(t, err)
	c, err := checker()
	require.NoError(t, err)
	require.NoError(t, c.Check(context.Background(), map[string][]byte{"ci.go": source}), string(source))
}
