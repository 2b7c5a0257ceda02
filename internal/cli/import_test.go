package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/internal/hostile"
)

// estate are manifests of several kinds: some that have no Go, and a document that is no YAML.
var estate = map[string]string{
	"tekton/task.yaml": `apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: branch}, {name: db-password}]
  steps:
    - name: build
      image: registry.local/build:1
      script: |
        git checkout $(params.branch)
    - name: push
      image: registry.local/push:1
      script: curl -u "me:$(params.db-password)" https://registry.local
`,
	"tekton/hook.yaml": `apiVersion: triggers.tekton.dev/v1alpha1
kind: TriggerTemplate
metadata: {name: push}
spec:
  params: [{name: branch}]
  resourcetemplates:
    - apiVersion: tekton.dev/v1beta1
      kind: TaskRun
      metadata: {generateName: build-}
      spec:
        taskRef: {name: build, bundle: registry.local/build:1}
        params: [{name: branch, value: $(tt.params.branch)}, {name: db-password, value: x}]
---
apiVersion: v1
kind: Secret
metadata: {name: hook}
stringData: {token: Zx81-Kestrel-Quartz}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
`,
	"tekton/broken.yaml": "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: broken\n",
	"tekton/twice.yaml": "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{name: s, image: a:1, command: [a], unknown: 1}]}\n---\n" +
		"apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{name: s, image: a:2, command: [a]}]}\n",
}

// TestImport tests what is written and reported.
func TestImport(t *testing.T) {
	repository(t, estate)
	dry := run("", []string{"import", "tekton", "--dry-run"})
	assert.Equal(t, 2, dry.exit)
	assert.NoDirExists(t, "ci")
	got := run("", []string{"import", "tekton"})
	assert.Equal(t, 2, got.exit, got.err)
	assert.NotContains(t, got.out+got.err, "Kestrel")
	golden.Check(t, goldenFile("import.txt"), []byte(got.out))
	for _, name := range []string{"set.go", "task_build.go", "task_t.go", "triggers.go", "infra.go", "raw/widget-w.yaml", "raw/task-t.yaml", "gen/main.go", "import_test.go", "import.json", "testdata/import/task.yaml"} {
		assert.FileExists(t, filepath.Join("ci", filepath.FromSlash(name)))
	}
	assert.NoFileExists(t, "go.mod")
	text, err := os.ReadFile(filepath.Join("ci", "gen", "main.go"))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"example.com/ci"`)

	// The package does not import itself.
	got = run("", []string{"import", "."})
	assert.Equal(t, 2, got.exit)
	assert.Contains(t, got.out, "6 objects;")
	got = run("", []string{"import", "tekton/task.yaml", "-o", "other", "--min-typed", "99"})
	assert.Equal(t, 0, got.exit, got.out+got.err)
	got = run("", []string{"import", "tekton/hook.yaml", "-o", "third", "--min-typed", "99"})
	assert.Equal(t, 1, got.exit, got.out+got.err)
	got = run(estate["tekton/task.yaml"], []string{"import", "-", "-o", "stdin", "--package", "mine"})
	assert.Equal(t, 0, got.exit, got.out+got.err)
	text, err = os.ReadFile(filepath.Join("stdin", "set.go"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "package mine\n")
	assert.FileExists(t, filepath.Join("stdin", "testdata", "import", "stdin.yaml"))
}

// goldenFile returns the name of a golden file, wherever the test is.
func goldenFile(name string) string { return filepath.Join(goldens, name) }

var goldens = func() string {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		panic(err)
	}
	return dir
}()

// TestImportFormats tests the reports for programs.
func TestImportFormats(t *testing.T) {
	repository(t, estate)
	got := run("", []string{"import", "tekton", "--dry-run", "--report", "json"})
	assert.Equal(t, 2, got.exit, got.err)
	var report struct {
		Package string
		Objects []struct {
			File, Kind, Name, Go, Reason string
			Line, Step, Values, Typed    int
			Error                        bool
		}
		Scripts []struct {
			File          string
			Inputs        []string
			Event, Secret bool
		}
		SecretsWithoutValues []string
		Dropped              []struct{ Line int }
		Files                struct{ Write []string }
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &report))
	assert.Equal(t, "ci", report.Package)
	assert.Len(t, report.Objects, 6)
	assert.NotEmpty(t, report.Files.Write)
	assert.Len(t, report.SecretsWithoutValues, 1)
	assert.Len(t, report.Dropped, 1)
	require.Len(t, report.Scripts, 2)
	assert.True(t, report.Scripts[0].Secret || report.Scripts[0].Event)

	got = run("", []string{"import", "tekton", "--dry-run", "--report", "sarif"})
	assert.Equal(t, 2, got.exit, got.err)
	var sarif struct {
		Runs []struct {
			Results []struct{ RuleID string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &sarif))
	codes := map[string]int{}
	for _, r := range sarif.Runs[0].Results {
		codes[r.RuleID]++
	}
	assert.Equal(t, 1, codes["import-missing"], codes)
	assert.Equal(t, 2, codes["import-pasted"], codes)
	assert.NotZero(t, codes["import-yaml"], codes)
	assert.NotZero(t, codes["yaml-invalid"], codes)
}

// TestImportNames tests the names that the user chooses.
func TestImportNames(t *testing.T) {
	repository(t, map[string]string{
		"tekton/task.yaml": estate["tekton/task.yaml"], "names.yaml": "Task build: Compile\nTask build param branch: Ref\n",
		"unknown.yaml": "Task bild: Compile\n", "bad.yaml": "Task build: compile\n", "list.yaml": "- a\n",
	})
	got := run("", []string{"import", "tekton", "--rename", "names.yaml"})
	assert.Equal(t, 0, got.exit, got.out+got.err)
	text, err := os.ReadFile(filepath.Join("ci", "task_build.go"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "type Compile struct {\n")
	assert.Contains(t, string(text), "in.Ref")
	// They stay.
	got = run("", []string{"import", "tekton"})
	assert.Contains(t, got.out, "0 files written")
	for file, want := range map[string]string{
		"unknown.yaml": `did you mean "Task build"?`, "bad.yaml": `"compile" is not an exported Go name`, "list.yaml": "is not a map", "none.yaml": "cannot read the names",
	} {
		got := run("", []string{"import", "tekton", "-o", "x", "--rename", file})
		assert.Equal(t, 2, got.exit)
		assert.Contains(t, got.err, want)
		assert.NoDirExists(t, "x")
	}
}

// TestImportIndex tests that Tasks of the repository lend their signature to what is imported.
func TestImportIndex(t *testing.T) {
	repository(t, map[string]string{
		"tasks/build.yaml": estate["tekton/task.yaml"],
		"pipelines/p.yaml": "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {tasks: [{name: b, taskRef: {name: build}, params: [{name: branch, value: main}]}]}\n",
	})
	got := run("", []string{"import", "pipelines"})
	assert.Equal(t, 0, got.exit, got.out+got.err)
	text, err := os.ReadFile(filepath.Join("ci", "elsewhere.go"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "DBPassword builder.String")
	assert.Contains(t, string(text), "t.Existing()")
	assert.Contains(t, got.out, "1 object;")
}

// TestImportMistakes tests command lines and folders that are refused.
func TestImportMistakes(t *testing.T) {
	repository(t, map[string]string{"a.yaml": estate["tekton/task.yaml"], "full/main.go": "package main\n"})
	for want, args := range map[string][]string{
		"requires at least 1 arg":         {},
		`has other files, such as "main.`: {"a.yaml", "-o", "full"},
		"must be auto, embed or inline":   {"a.yaml", "--scripts", "x"},
		"the name of the folder is empty": {"a.yaml", "-o", ""},
		"it is not in a Go module":        {"a.yaml", "--check"},
	} {
		got := run("", append([]string{"import"}, args...))
		assert.Equal(t, 2, got.exit, want)
		assert.Contains(t, got.err, want)
	}
	got := run("", []string{"import", "none.yaml"})
	assert.Equal(t, 2, got.exit)
	assert.Contains(t, got.out, "does not exist")
}

// TestImportAttack tests that names and texts of manifests are only shown.
func TestImportAttack(t *testing.T) {
	for _, text := range hostile.Texts() {
		quoted, err := json.Marshal(text)
		require.NoError(t, err)
		repository(t, map[string]string{"a.yaml": "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: " + string(quoted) + "}\nspec:\n  params: [{name: " + string(quoted) + "}]\n" +
			"  steps: [{name: s, image: a:1, script: 'echo $(params.a)', unknown: 1}]\n---\nkind: " + string(quoted) + "\napiVersion: example.com/v1\nmetadata: {name: x}\n"})
		for _, format := range []string{"text", "json", "sarif"} {
			got := run("", []string{"import", "a.yaml", "--dry-run", "--report", format})
			kind := hostile.Plain
			if format != "text" {
				kind = hostile.JSON
			}
			assert.Empty(t, hostile.Arrived(got.out, kind), "%s %q", format, text)
			assert.Empty(t, hostile.Arrived(got.err, hostile.Plain), "%s %q", format, text)
		}
		assert.Empty(t, hostile.Arrived(run("", []string{"import", strings.ReplaceAll(text, "\x00", "")}).err, hostile.Plain), "%q", text)
	}
}

// TestImportFlags tests the options of the translation: each reaches the Go.
func TestImportFlags(t *testing.T) {
	remote := `apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  tasks:
    - {name: b, taskRef: {resolver: git, params: [{name: url, value: https://git.example.com/x}, {name: revision, value: main}, {name: pathInRepo, value: tasks/build.yaml}]}, params: [{name: branch, value: main}, {name: db-password, value: x}]}
`
	repository(t, map[string]string{
		"tekton/p.yaml": remote, "tekton/task.yaml": strings.ReplaceAll(estate["tekton/task.yaml"], "name: build", "name: own"),
		"elsewhere/build.yaml": strings.ReplaceAll(estate["tekton/task.yaml"], "{name: branch}", "{name: branch, description: To check out.}, {name: depth, default: x}"),
	})
	read := func(name string) string {
		text, err := os.ReadFile(filepath.FromSlash(name))
		require.NoError(t, err)
		return string(text)
	}
	got := run("", []string{"import", "tekton", "-o", "a"})
	assert.Equal(t, 0, got.exit, got.out+got.err)
	assert.Contains(t, got.out, "the Go was not type-checked: there is no Go module around it\n")
	assert.NotContains(t, read("a/elsewhere.go"), "Depth")

	got = run("", []string{"import", "tekton", "-o", "b", "--elsewhere", "elsewhere", "--tasks", "yaml", "--exact"})
	assert.Equal(t, 0, got.exit, got.out+got.err)
	assert.Contains(t, read("b/elsewhere.go"), "Depth")
	assert.Contains(t, read("b/elsewhere.go"), "To check out.")
	assert.Contains(t, read("b/task_own.go"), "t.FromYAML(ownYAML)")
	assert.Contains(t, read("b/import_test.go"), "importtest.Exact()")
	assert.FileExists(t, "b/tasks/own.yaml")

	for want, args := range map[string][]string{
		"--elsewhere is not infer, fetch, or a folder": {"--elsewhere", "nowhere"},
		"--elsewhere is empty":                         {"--elsewhere", ""},
		"must be typed or yaml":                        {"--tasks", "x"},
	} {
		got := run("", append([]string{"import", "tekton", "-o", "c"}, args...))
		assert.Equal(t, 2, got.exit, want)
		assert.Contains(t, got.err, want)
		assert.NoDirExists(t, "c")
	}
}

// TestImportRendered tests what the report says of kustomizations and charts.
func TestImportRendered(t *testing.T) {
	task := estate["tekton/task.yaml"]
	repository(t, map[string]string{
		"tekton/good/kustomization.yaml": "resources: [task.yaml]\nnamePrefix: my-\n", "tekton/good/task.yaml": task,
		"tekton/bad/kustomization.yaml": "resources: [task.yaml, missing.yaml]\npatches: [{path: nowhere.yaml}]\n",
		"tekton/bad/task.yaml":          strings.ReplaceAll(task, "name: build", "name: other"),
		"tekton/chart/Chart.yaml":       "apiVersion: v2\nname: chart\nversion: 1.0.0\n", "tekton/chart/templates/task.yaml": "kind: {{ .Values.kind }}\n",
	})
	got := run("", []string{"import", "tekton"})
	assert.Equal(t, 0, got.exit, got.out+got.err)
	assert.Contains(t, got.out, "  helm template tekton/chart | tekwright import - -o ci\n")
	assert.Contains(t, got.out, "tekton/bad/kustomization.yaml: the kustomization ")
	assert.Contains(t, got.out, "rendered; the Go describes the objects that result\n")
	assert.FileExists(t, filepath.Join("ci", "task_my_build.go"))
	assert.FileExists(t, filepath.Join("ci", "task_other.go"))
}

// TestImportTekton imports a folder of Pipelines-as-Code.
func TestImportTekton(t *testing.T) {
	repository(t, map[string]string{".tekton/push.yaml": `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: push
  annotations:
    pipelinesascode.tekton.dev/on-event: "[push]"
    pipelinesascode.tekton.dev/on-target-branch: "[main]"
spec:
  params: [{name: revision, value: "{{revision}}"}]
  pipelineSpec:
    params: [{name: revision}]
    tasks: [{name: a, params: [{name: r, value: $(params.revision)}], taskSpec: {params: [{name: r}], steps: [{name: s, image: registry.local/a:1, args: [$(params.r)]}]}}]
`})
	for _, path := range []string{".", ".tekton", ".tekton/push.yaml"} {
		dir := "ci" + strings.ReplaceAll(strings.ReplaceAll(path, ".", ""), "/", "")
		got := run("", []string{"import", path, "-o", dir})
		assert.Equal(t, 0, got.exit, got.out+got.err)
		text, err := os.ReadFile(filepath.Join(dir, "run_push.go"))
		require.NoError(t, err, path)
		assert.Contains(t, string(text), "pac.Run(", path)
		assert.Contains(t, string(text), `pac.OnEvent("push").TargetBranch("main")`, path)
		assert.Contains(t, string(text), "pac.Revision", path)
		assert.FileExists(t, filepath.Join(dir, "testdata", "import", ".tekton", "push.yaml"))
	}
}

// TestImportMistaken tests what the report says of errors in the YAML, and --diff.
func TestImportMistaken(t *testing.T) {
	repository(t, map[string]string{"tekton/p.yaml": `apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  tasks:
    - {name: a, taskSpec: {params: [{name: x}], steps: [{name: s, image: registry.local/a:1, args: [$(params.x)]}]}}
`})
	got := run("", []string{"import", "tekton"})
	assert.Equal(t, 0, got.exit, got.err)
	assert.Contains(t, got.out, "errors of the YAML, which the Go has as well; Set accepts them, so that go test passes:\n  tekton/p.yaml:6:7: param-missing: task \"a\" does not set param \"x\"")
	text, err := os.ReadFile(filepath.Join("ci", "set.go"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "spec.tasks[name=a]")

	got = run("", []string{"import", "tekton", "--dry-run", "--diff"})
	assert.NotContains(t, got.out, "+++")
	yaml, err := os.ReadFile(filepath.Join("tekton", "p.yaml"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join("tekton", "p.yaml"), []byte(strings.ReplaceAll(string(yaml), "a:1", "a:2")), 0o600))
	got = run("", []string{"import", "tekton", "--dry-run", "--diff"})
	assert.Contains(t, got.out, "--- a/ci/pipeline_p.go\n+++ b/ci/pipeline_p.go\n")
	for _, args := range [][]string{{"--diff"}, {"--diff", "--dry-run", "--report", "json"}} {
		got := run("", append([]string{"import", "tekton"}, args...))
		assert.Equal(t, 2, got.exit)
		assert.Contains(t, got.err, "--diff is for --dry-run")
	}
}

// TestImportInitialisms tests that later imports remember initialisms.
func TestImportInitialisms(t *testing.T) {
	repository(t, map[string]string{"tekton/task.yaml": "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: rox-sbom}\nspec: {steps: [{name: s, image: registry.local/a:1, command: [a]}]}\n"})
	got := run("", []string{"import", "tekton", "--initialism", "ROX,-sbom"})
	assert.Equal(t, 0, got.exit, got.err)
	text, err := os.ReadFile(filepath.Join("ci", "task_rox_sbom.go"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "type ROXSbom struct")
	assert.Contains(t, run("", []string{"import", "tekton"}).out, "0 files written")
}
