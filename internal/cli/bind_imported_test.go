package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// konflux is a run in the way of those that Konflux writes: its Tasks are in bundles, and the
// references have a kind.
const konflux = `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: app-on-push
spec:
  params:
    - {name: output-image, value: "registry.local/app:1"}
  pipelineSpec:
    params:
      - {name: output-image}
      - {name: rebuild, default: "false"}
    workspaces: [{name: auth, optional: true}]
    results: [{name: image, value: $(tasks.build.results.IMAGE_URL)}]
    tasks:
      - name: init
        params: [{name: image-url, value: $(params.output-image)}, {name: rebuild, value: $(params.rebuild)}]
        taskRef:
          resolver: bundles
          params:
            - {name: name, value: init}
            - {name: bundle, value: "registry.local/task-init:0.2@sha256:1111111111111111111111111111111111111111111111111111111111111111"}
            - {name: kind, value: task}
      - name: build
        when: [{input: $(tasks.init.results.build), operator: in, values: ["true"]}]
        params: [{name: IMAGE, value: $(params.output-image)}]
        workspaces: [{name: auth, workspace: auth}]
        taskRef:
          resolver: bundles
          params:
            - {name: name, value: buildah}
            - {name: bundle, value: "registry.local/task-buildah:0.4"}
            - {name: kind, value: task}
`

const initTask = `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: init}
spec:
  description: Decides whether to build.
  params:
    - {name: image-url, description: The image that is built}
    - {name: rebuild, default: "false"}
    - {name: skip-checks, default: "false"}
  results: [{name: build, description: Whether to build}]
  steps:
    - {name: s, image: "registry.local/a:1", command: [a], args: [$(params.image-url), $(params.rebuild), $(params.skip-checks), $(results.build.path)]}
`

const buildahTask = `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: buildah}
spec:
  params: [{name: IMAGE}, {name: HERMETIC, default: "false"}]
  workspaces: [{name: auth, optional: true}]
  results: [{name: IMAGE_URL}, {name: IMAGE_DIGEST}]
  steps: [{name: s, image: "registry.local/a:1", command: [a], args: [$(params.IMAGE), $(params.HERMETIC), $(results.IMAGE_URL.path), $(results.IMAGE_DIGEST.path)]}]
`

// module makes the current directory a module that uses the library of this repository. The
// function runs the go command in it.
func module(t *testing.T) func(args ...string) (string, error) {
	t.Helper()
	library, err := filepath.Abs("../..")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	text, err := os.ReadFile(filepath.Join(library, "go.mod"))
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(text), "\n")
	sums, err := os.ReadFile(filepath.Join(library, "go.sum"))
	require.NoError(t, err)
	files(t, map[string]string{
		"go.mod": "module example.com/app\n" + rest + "\nrequire github.com/tekwright/tekwright v0.0.0\n\nreplace github.com/tekwright/tekwright => " + library + "\n",
		"go.sum": string(sums),
	})
	return func(args ...string) (string, error) {
		cmd := exec.Command("go", args...)
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}

// TestBindImported binds a Task that an import has inferred a type for: what is bound takes its
// place, the package describes the same run, and a param that is misspelt does not compile.
func TestBindImported(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles a module")
	}
	golang := module(t)
	files(t, map[string]string{".tekton/push.yaml": konflux, "catalog/init.yaml": initTask, "catalog/buildah.yaml": buildahTask})
	r := words("import .tekton -o ci")
	require.Equal(t, 0, r.exit, r.out+r.err)
	require.Contains(t, read(t, "ci/elsewhere.go"), "type Init struct {")

	r = words("bind -o ci/bound.go catalog/init.yaml")
	require.Equal(t, 0, r.exit, r.out+r.err)
	assert.Equal(t, "Init takes the place of the type that the import had inferred\nwrote ci/bound.go: 1 type\n", r.out)
	assert.Contains(t, r.err, "note: Task \"init\" gets into a run as the imported pipelines refer to it: bundle://registry.local/task-init:0.2@sha256:1111")
	bound := read(t, "ci/bound.go")
	assert.Contains(t, bound, `With("kind", "task")`)
	assert.Contains(t, bound, "SkipChecks builder.String")
	assert.NotContains(t, read(t, "ci/elsewhere.go"), "Init")
	assert.Contains(t, read(t, "ci/elsewhere.go"), "type Buildah struct {")

	out, err := golang("test", "./ci")
	require.NoError(t, err, out)

	// Both commands find nothing to do now.
	elsewhere := read(t, "ci/elsewhere.go")
	assert.Equal(t, 0, words("bind -o ci/bound.go catalog/init.yaml --check").exit)
	r = words("import .tekton -o ci")
	require.Equal(t, 0, r.exit, r.out+r.err)
	assert.Equal(t, elsewhere, read(t, "ci/elsewhere.go"))
	assert.Contains(t, read(t, "ci/import.json"), `"bound": [`)
	assert.Equal(t, bound, read(t, "ci/bound.go"))
	assert.Equal(t, 0, words("bind -o ci/bound.go catalog/init.yaml --check").exit)

	// The last inferred type goes with its file.
	r = words("bind -o ci/bound.go catalog")
	require.Equal(t, 0, r.exit, r.out+r.err)
	assert.NoFileExists(t, "ci/elsewhere.go")
	out, err = golang("vet", "./ci")
	require.NoError(t, err, out)
	r = words("import .tekton -o ci")
	require.Equal(t, 0, r.exit, r.out+r.err)
	assert.NoFileExists(t, "ci/elsewhere.go")

	assert.NotContains(t, r.out, "types of tekwright bind")

	// Another version is another Task.
	files(t, map[string]string{".tekton/push.yaml": strings.ReplaceAll(konflux, "sha256:1111", "sha256:2222")})
	r = words("import .tekton -o ci --dry-run")
	assert.Contains(t, r.out, "types of tekwright bind that no task has")
	assert.Contains(t, r.out, "  ci/bound.go: Init: bundle://registry.local/task-init:0.2@sha256:1111")
	assert.NotContains(t, r.out, "ci/bound.go: Buildah")
	files(t, map[string]string{".tekton/push.yaml": konflux})

	// A mistake does not compile.
	const run = "ci/run_app_on_push.go"
	text := read(t, run)
	require.Contains(t, text, "Init{ImageURL: ")
	files(t, map[string]string{run: strings.Replace(text, "Init{ImageURL: ", "Init{ImageUrl: ", 1)})
	out, err = golang("vet", "./ci")
	require.Error(t, err)
	assert.Contains(t, out, "unknown field ImageUrl in struct literal of type Init")
	files(t, map[string]string{run: text})

	// Without what is bound, import infers again.
	require.NoError(t, os.Remove("ci/bound.go"))
	r = words("import .tekton -o ci")
	require.Equal(t, 0, r.exit, r.out+r.err)
	assert.Contains(t, read(t, "ci/elsewhere.go"), "type Init struct {")
	assert.NotContains(t, read(t, "ci/import.json"), `"bound"`)
}

// TestBindImportedMistakes tests what is not replaced.
func TestBindImportedMistakes(t *testing.T) {
	t.Chdir(t.TempDir())
	second := strings.NewReplacer("$(tasks.init.", "$(tasks.first.", "task-init:0.2", "task-init:0.3", "- name: init\n", "- name: first\n").Replace(konflux)
	files(t, map[string]string{"one/.tekton/push.yaml": konflux, "two/.tekton/push.yaml": konflux, "two/.tekton/again.yaml": strings.Replace(second, "app-on-push", "again", 1), "init.yaml": initTask})
	for _, dir := range []string{"one", "two"} {
		r := words("import " + dir + "/.tekton -o " + dir + "/ci")
		require.Equal(t, 0, r.exit, r.out+r.err)
	}
	const digest = "@sha256:1111111111111111111111111111111111111111111111111111111111111111"

	// Two versions: the user chooses.
	r := words("bind -o two/ci/bound.go init.yaml")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "the imported pipelines refer to several Tasks \"init\":\n")
	assert.Contains(t, r.err, "  InitTask: bundle://registry.local/task-init:0.2")
	assert.Contains(t, r.err, "help: choose one of them with --like\n")
	r = words("bind -o two/ci/bound.go init.yaml --like bundle://registry.local/task-init:0.3" + digest + "#init")
	assert.Equal(t, 0, r.exit, r.err)
	assert.Contains(t, read(t, "two/ci/bound.go"), `task-init:0.3`)
	assert.Contains(t, read(t, "two/ci/bound.go"), `With("kind", "task")`)
	assert.Contains(t, read(t, "two/ci/elsewhere.go"), `task-init:0.2`)

	// Another bundle is another Task.
	r = words("bind -o one/ci/bound.go init.yaml --like bundle://registry.local/other:1#init")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "elsewhere.go declares Init already\n  help: the pipelines refer to it by --like bundle://registry.local/task-init:0.2"+digest+"#init; give the type another name in a file for --rename\n")

	// What somebody has edited stays.
	old := read(t, "one/ci/elsewhere.go")
	files(t, map[string]string{"one/ci/elsewhere.go": old + "\n// Mine.\n"})
	r = words("bind -o one/ci/bound.go init.yaml")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "elsewhere.go was edited since the import\n  help: remove from it what is bound: Init\n")
	assert.NoFileExists(t, "one/ci/bound.go")
	files(t, map[string]string{"one/ci/elsewhere.go": old})

	// --by local is a Task that comes along, so it is no other one.
	r = words("bind -o one/ci/bound.go init.yaml --by local")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "elsewhere.go declares Init already")
}
