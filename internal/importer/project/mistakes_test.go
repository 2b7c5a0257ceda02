package project_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/project"
	"github.com/tekwright/tekwright/pkg/diag"
)

const faulty = `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: image}, {name: branch, default: main}]
  results: [{name: digest}]
  steps:
    - {name: s, image: registry.local/a:1, script: "echo $(params.image) $(params.nope) >$(results.digest.path)"}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  params: [{name: unused}]
  tasks:
    - {name: a, taskRef: {name: build}, params: [{name: branch, value: x}]}
    - {name: b, taskRef: {name: build}, params: [{name: image, value: $(tasks.a.results.none)}]}
    - {name: c, taskRef: {name: build}, runAfter: [zzz], params: [{name: image, value: $(params.undeclared)}]}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: g-}
spec: {pipelineRef: {name: p}}
`

// acceptedPaths matches the paths of accepted errors in Go.
var acceptedPaths = regexp.MustCompile(`Path: +"[^"]*"`)

// TestMistakes imports YAML with errors: the report has each, and the sets accept them, whatever
// comes before.
func TestMistakes(t *testing.T) {
	imported := func(text string) (*project.Sources, *project.Project, string) {
		s, p := made(t, options, folder(t, map[string]string{"a.yaml": text}))
		for _, f := range p.Files {
			if f.Name == "set.go" {
				return s, p, string(f.Text)
			}
		}
		t.Fatal("there is no set.go")
		return nil, nil, ""
	}
	s, p, text := imported(faulty)
	assert.Empty(t, p.Rejected)
	set, err := project.Set(s, options)
	require.NoError(t, err)
	require.NoError(t, set.Build())
	for _, f := range set.Findings() {
		assert.NotEqual(t, diag.Error, f.Severity, f.Error())
		assert.NotContains(t, f.Code, "suppression")
	}
	assert.Equal(t, 2, strings.Count(text, "// The YAML has these mistakes."), text) // in Set and Runs
	assert.Contains(t, acceptedPaths.FindAllString(text, -1), `Path: "spec.tasks[name=c].params[name=image].value"`, text)

	mistakes, err := s.Mistakes(t.Context())
	require.NoError(t, err)
	var list []string
	for _, m := range mistakes {
		_, after, _ := strings.Cut(m.String(), "a.yaml:")
		list = append(list, after)
	}
	assert.Contains(t, list, `16:7: param-missing: task "a" does not set param "image" of Task "build"; set param "image", or give it a default`)
	assert.Len(t, list, 6, strings.Join(list, "\n"))

	// Another task, param and step before the others move no path.
	more := strings.NewReplacer("  tasks:\n", "  tasks:\n    - {name: first, taskRef: {name: build}, params: [{name: image, value: x}]}\n",
		"  steps:\n", "  steps:\n    - {name: zero, image: registry.local/a:1, command: [a]}\n", "params: [{name: unused}]", "params: [{name: zero, default: x}, {name: unused}]").Replace(faulty)
	_, _, after := imported(strings.ReplaceAll(more, "value: x}]}", "value: $(params.zero)}]}"))
	assert.Equal(t, acceptedPaths.FindAllString(text, -1), acceptedPaths.FindAllString(after, -1))
}

// TestDiff shows what another import would change.
func TestDiff(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ci")
	write(t, dir, "testdata/estate")
	other := folder(t, map[string]string{})
	require.NoError(t, os.CopyFS(other, os.DirFS("testdata/estate")))
	diffOf := func() string {
		state, err := project.ReadState(dir)
		require.NoError(t, err)
		o := options
		o.Names = state.Names
		_, p := made(t, o, other)
		c, err := p.Compare(dir, state)
		require.NoError(t, err)
		text, err := c.Diff(func(name string) string { return "ci/" + name })
		require.NoError(t, err)
		return text
	}
	assert.Empty(t, diffOf())
	before := files(t, dir)
	require.NoError(t, os.Remove(filepath.Join(other, "triggers", "hook.yaml")))
	text, err := os.ReadFile(filepath.Join(other, "tasks", "clone.yaml"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(other, "tasks", "clone.yaml"), []byte(strings.Replace(string(text), "name: url", "name: uri", 1)), 0o600))
	got := diffOf()
	for _, part := range []string{"--- a/ci/task_clone.go\n+++ b/ci/task_clone.go\n", "\n+\tt.Param(\"uri\", in.URI", "--- a/ci/triggers.go\n+++ /dev/null\n"} {
		assert.Contains(t, "\n"+got, part)
	}
	assert.NotContains(t, got, "import.json")
	assert.Equal(t, before, files(t, dir))
}

// TestMistakesInNamespace imports a run of Pipelines-as-Code with a namespace, which the builder
// that finds its errors does not know.
func TestMistakesInNamespace(t *testing.T) {
	_, p := made(t, options, folder(t, map[string]string{".tekton/push.yaml": `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: push
  namespace: tenant
  annotations: {pipelinesascode.tekton.dev/on-event: "[push]", pipelinesascode.tekton.dev/on-target-branch: "[main]"}
spec:
  pipelineSpec:
    params: [{name: unused}]
    tasks:
      - name: a
        workspaces: [{name: netrc, workspace: netrc}]
        taskSpec: {workspaces: [{name: netrc, optional: true}], steps: [{name: s, image: registry.local/a:1, script: "ls $(workspaces.netrc.path)"}]}
`}))
	assert.Empty(t, p.Rejected)
	for _, f := range p.Files {
		if f.Name == "set.go" {
			assert.Contains(t, acceptedPaths.FindAllString(string(f.Text), -1), `Path: "spec.pipelineSpec.params[name=unused]"`, string(f.Text))
		}
	}
}
