package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestImportBase tests that a Task which an overlay makes another Task of is imported as well,
// and that the report has one of which only what is made of it is imported.
func TestImportBase(t *testing.T) {
	task := func(name string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: " + name + "}\nspec: {steps: [{name: s, image: registry.local/a:1, command: [a]}]}\n"
	}
	patched := func(base, op string) string {
		return "resources: [../" + base + "]\npatches: [{patch: '[" + op + "]', target: {kind: Task}}]\n"
	}
	repository(t, map[string]string{
		"tekton/build/build.yaml":             task("build"),
		"tekton/build/kustomization.yaml":     "resources: [build.yaml]\n",
		"tekton/build-big/kustomization.yaml": patched("build", "{op: replace, path: /metadata/name, value: build-big}"),
		"tekton/test/test.yaml":               task("test"),
		"tekton/test/kustomization.yaml":      "resources: [test.yaml]\n",
		"tekton/prod/kustomization.yaml":      patched("test", "{op: add, path: /spec/description, value: x}"),
	})
	got := run("", []string{"import", "tekton"})
	assert.Equal(t, 0, got.exit, got.err)
	for _, name := range []string{"task_build.go", "task_build_big.go"} {
		assert.FileExists(t, filepath.Join("ci", name))
	}
	assert.Contains(t, got.out, "3 objects; ")
	assert.Contains(t, got.out, "  tekton/test/test.yaml:1: Task \"test\": used as a base by tekton/prod/kustomization.yaml\n")
	assert.Equal(t, 1, strings.Count(got.out, "used as a base by tekton/"), got.out)
	assert.Equal(t, 0, run("", []string{"import", "tekton", "--dry-run"}).exit)

	// Without its base, the overlay has no objects.
	got = run("", []string{"import", "tekton/build-big", "-o", "other"})
	assert.Equal(t, 2, got.exit)
	assert.Contains(t, got.err, "no manifests found in tekton/build-big: the resources of tekton/build-big/kustomization.yaml are not below these paths\n")
	assert.NoDirExists(t, "other")
	assert.Contains(t, run("", []string{"import", "tekton/build-big", "-o", "other", "--report", "json"}).out, `"objects": []`)
}

// TestImportScripts tests that the report has all inputs of a script, and what the order means
// if no script is worse than another.
func TestImportScripts(t *testing.T) {
	repository(t, map[string]string{"tekton/task.yaml": `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}, {name: f}, {name: kind, enum: [x, y]}]
  steps:
    - {name: one, image: registry.local/a:1, script: "echo $(params.f)"}
    - {name: all, image: registry.local/a:1, script: "echo $(params.a) $(params.b) $(params.c) $(params.d) $(params.e) $(params.a) $(params.kind)"}
`})
	const ranking = "\n  no stranger's event and no Secret is seen to reach them; those with the most inputs come first\n"
	got := run("", []string{"import", "tekton"})
	assert.Contains(t, got.out, "the worst first:"+ranking+"  tekton/task.yaml:8: Task \"build\": a, b, c, d, e\n  tekton/task.yaml:7: Task \"build\": f\n")
	repository(t, estate)
	assert.NotContains(t, run("", []string{"import", "tekton"}).out, ranking)
}

// TestImportHarden tests that --check knows the scripts that an import with --harden changes, and
// that a field that the API server rejects is an error.
func TestImportHarden(t *testing.T) {
	const task = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a}\nspec:\n  params: [{name: url}]\n  steps:\n  - name: s\n    image: registry.local/a:1\n    script: |\n      curl \"$(params.url)\"\n"
	repository(t, map[string]string{"tekton/task.yaml": task})
	got := run("", []string{"import", "tekton", "--harden"})
	assert.Equal(t, 0, got.exit, got.err)
	assert.Contains(t, got.out, "scripts whose inputs go through the environment now:\n  tekton/task.yaml:10: Task \"a\": url\n")
	assert.NotContains(t, got.out, "pasted")
	text, err := os.ReadFile(filepath.Join("ci", "task_a.go"))
	require.NoError(t, err)
	assert.Contains(t, string(text), `Env("PARAM_URL", url)`)
	assert.Contains(t, run("", []string{"import", "tekton", "--harden"}).out, "0 files written")

	require.NoError(t, os.WriteFile(filepath.Join("tekton", "task.yaml"), []byte(task+"    onEror: continue\n"), 0o600))
	got = run("", []string{"import", "tekton", "--dry-run"})
	assert.Equal(t, 1, got.exit)
	assert.Contains(t, got.out, `unknown field "onEror" in spec.steps[0]; did you mean "onError"?`)
}

// TestImportAccepted: what the set accepts is in the report, also if it is no error in YAML, and so
// is a kind that is only guessed. The import path is right in a folder that does not exist yet.
func TestImportAccepted(t *testing.T) {
	repository(t, map[string]string{
		"go.mod":        "module example.com/app\n\ngo 1.26\n",
		"tekton/p.yaml": "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  params: [{name: unused}]\n  tasks:\n  - {name: a, taskSpec: {steps: [{name: s, image: registry.local/a:1, command: [a]}]}}\n",
	})
	got := run("", []string{"import", "tekton", "-o", "a/b/ci"})
	assert.Equal(t, 0, got.exit, got.err)
	assert.Contains(t, got.out, "errors of the YAML, which the Go has as well")
	assert.Contains(t, got.out, `tekton/p.yaml:1:1: param-unused: `)
	text, err := os.ReadFile(filepath.Join("a", "b", "ci", "gen", "main.go"))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"example.com/app/a/b/ci"`)

	require.NoError(t, os.WriteFile(filepath.Join("tekton", "t.yaml"), []byte("apiVersion: tekton.dev/v1\nkind: Taks\nmetadata: {name: t}\nspec: {steps: [{name: s, image: registry.local/a:1, command: [a]}]}\n"), 0o600))
	got = run("", []string{"import", "tekton", "--dry-run"})
	assert.Equal(t, 1, got.exit)
	assert.Contains(t, got.out, `tekton/t.yaml:2: tekton.dev/v1 has no kind "Taks"; did you mean kind: Task?`)
}
