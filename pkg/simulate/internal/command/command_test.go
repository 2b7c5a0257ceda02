package command_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cli"
	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/simulate"
	"github.com/tekwright/tekwright/pkg/simulate/internal/command"
)

// run runs the command.
func run(t *testing.T, stdin string, args ...string) (out, stderr string, exit int) {
	t.Helper()
	var o, e bytes.Buffer
	exit = cli.Run(t.Context(), append([]string{"simulate"}, args...), cli.Streams{
		In: strings.NewReader(stdin), Out: &o, Err: &e, Env: func(string) string { return "" }, Simulate: command.Simulate,
	})
	return o.String(), e.String(), exit
}

const manifests = "testdata/run.yaml"

func TestText(t *testing.T) {
	out, stderr, exit := run(t, "", manifests, "--result", "changes.any=true", "--result", `changes.services:=["web","api"]`, "--fail", "build:1")
	assert.Empty(t, stderr)
	assert.Zero(t, exit)
	golden.Check(t, "testdata/run.txt", []byte(out))

	out, _, exit = run(t, "", manifests, "--fail", "build", "--result", "changes.any=true")
	assert.Equal(t, 1, exit)
	assert.Contains(t, out, "2 attempts: StepFailed after 10s, StepFailed after 10s")

	out, _, _ = run(t, "", manifests, "-p", "branch=next")
	assert.Contains(t, out, `when "next" in ["main"]: false`)
}

func TestAll(t *testing.T) {
	out, stderr, exit := run(t, "", manifests, "--all")
	assert.Empty(t, stderr)
	assert.Zero(t, exit)
	golden.Check(t, "testdata/all.txt", []byte(out))

	out, _, _ = run(t, "", manifests, "--all", "-o", "json")
	var ways simulate.Ways
	require.NoError(t, json.Unmarshal([]byte(out), &ways))
	assert.Greater(t, len(ways.Ways), 1)
	out, _, _ = run(t, "", manifests, "--all", "-o", "html")
	assert.Contains(t, out, "way-2")
}

// TestOutput: JSON is the Result of the library.
func TestOutput(t *testing.T) {
	text, err := os.ReadFile(manifests)
	require.NoError(t, err)
	out, _, _ := run(t, string(text), "-", "-o", "json")
	var result simulate.Result
	require.NoError(t, json.Unmarshal([]byte(out), &result))
	assert.Equal(t, []string{"changes"}, result.Ran())

	out, _, _ = run(t, "", manifests, "-o", "mermaid")
	assert.Contains(t, out, "flowchart LR\n  n0[\"changes<br>succeeded, 0s to 10s\"]")
}

func TestScript(t *testing.T) {
	file := filepath.Join(t.TempDir(), "script.yaml")
	script := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o600)) }
	script(`params: {branch: main}
tasks:
  changes:
    - results: {any: "true", services: [web, api]}
  build:
    - {status: fail, combination: 2}
    - {duration: 5m}
`)
	out, stderr, exit := run(t, "", manifests, "--script", file)
	assert.Empty(t, stderr)
	assert.Equal(t, 1, exit)
	assert.Contains(t, out, "combination 1: Succeeded")
	assert.Contains(t, out, "combination 2: StepFailed")

	// Results of the command line are those of all outcomes of the script.
	out, _, _ = run(t, "", manifests, "--script", file, "--result", `changes.services:=["web"]`)
	assert.NotContains(t, out, "combination 2")

	for text, want := range map[string]string{
		"tasks: {build: [{status: fails}]}":       `"fails"`,
		"tasks: {build: [{statu: fail}]}":         `unknown field "tasks.build[0].statu"`,
		"tasks: {bild: [{status: fail}]}":         `there is no task "bild". Did you mean "build"?`,
		"tasks: [1]":                              "the script is invalid",
		"[]":                                      "it is not an object with the fields tasks and params",
		"a: &a [*a]":                              "cannot read the script",
		"tasks: {build: [{duration: 5 minutes}]}": "duration",
	} {
		script(text)
		_, stderr, exit := run(t, "", manifests, "--script", file)
		assert.Equal(t, 2, exit, text)
		assert.Contains(t, stderr, want, text)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--script none.yaml", "cannot read the script none.yaml: no such file or directory"},
		{"--result x=1", `--result "x" is not of the form TASK.RESULT=VALUE`},
		{"--result x", `--result: "x" is not of the form NAME=VALUE`},
		{"--fail build:x", `--fail "build:x": "x" is not a number of attempts from 1 to 1000`},
		{"--fail build:0", `"0" is not a number`},
		{"--run none", `"none"`},
		{"-o xml", "must be text, json, mermaid or html"},
		{"--profile none", "none"},
	} {
		_, stderr, exit := run(t, "", append(strings.Fields(c.args), manifests)...)
		assert.Equal(t, 2, exit, c.args)
		assert.Contains(t, stderr, c.want)
	}
	_, stderr, exit := run(t, "kind: Pipeline\napiVersion: tekton.dev/v1\nmetadata: {name: a}\nspec: {tasks: []}\n", "-", "--run", "a")
	assert.Equal(t, 2, exit)
	assert.NotEmpty(t, stderr)
}

// runEvent runs the command simulate event.
func runEvent(t *testing.T, args ...string) (out, stderr string, exit int) {
	t.Helper()
	var o, e bytes.Buffer
	exit = cli.Run(t.Context(), append([]string{"simulate", "event"}, args...), cli.Streams{
		In: strings.NewReader(""), Out: &o, Err: &e, Env: func(string) string { return "" }, Simulate: command.Simulate, SimulateEvent: command.SimulateEvent,
	})
	return o.String(), e.String(), exit
}

// TestEvent: an example starts a run on a push to main, and on no other branch.
func TestEvent(t *testing.T) {
	const example, of = "../../../../examples/image-build/manifests", "--url=https://github.com/acme/shop"
	out, stderr, exit := runEvent(t, example, "--event", "push", "--branch", "next", of)
	assert.Empty(t, stderr)
	assert.Equal(t, 1, exit)
	golden.Check(t, "testdata/event.txt", []byte(out))

	out, stderr, exit = runEvent(t, example, "--event", "push", of, "--follow")
	assert.Empty(t, stderr)
	assert.Zero(t, exit)
	golden.Check(t, "testdata/event-follow.txt", []byte(out))

	token := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(token, []byte("s3cr3t-of-the-webhook"), 0o600))
	out, _, exit = runEvent(t, example, "--event", "push", of, "--token-file", token)
	assert.Zero(t, exit, "the payload of --event is signed with the token")
	assert.NotContains(t, out, "is not given")
	assert.NotContains(t, out, "s3cr3t")

	require.NoError(t, os.WriteFile(token, []byte("s3cr3t-of-the-webhook\n"), 0o600))
	_, stderr, exit = runEvent(t, example, "--event", "push", of, "--token-file", token)
	assert.Zero(t, exit)
	assert.Contains(t, stderr, "the line break at the end of "+token+" is not part of the token")

	payload := filepath.Join(t.TempDir(), "push.json")
	require.NoError(t, os.WriteFile(payload, []byte(`{"ref": "refs/heads/main"}`), 0o600))
	out, _, exit = runEvent(t, example, "--payload", payload, "-H", "X-GitHub-Event: push", "--token-file", token)
	assert.Equal(t, 1, exit, "the payload is not signed")
	assert.Contains(t, out, "no X-Hub-Signature-256 header set")

	out, _, _ = runEvent(t, example, "--payload", payload, "-H", "X-GitHub-Event: push", "-H", "X-Hub-Signature-256: sha256=00")
	assert.Contains(t, out, "the header X-Hub-Signature-256 that was sent is not checked; give --token-file")

	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".tekton"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".tekton", "p.yaml"), []byte(`apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: p, annotations: {pipelinesascode.tekton.dev/on-event: "[push]", pipelinesascode.tekton.dev/on-target-branch: "[main]"}}
spec: {pipelineSpec: {tasks: [{name: a, taskSpec: {steps: [{name: a, image: registry.local/tool, script: "true"}]}}]}}
`), 0o600))
	const unchecked = "the signature of the request is not checked for Pipelines-as-Code"
	out, _, exit = runEvent(t, dir, "--event", "push", "--token-file", token)
	assert.Zero(t, exit)
	assert.Contains(t, out, unchecked)
	out, _, _ = runEvent(t, dir, "--event", "push")
	assert.NotContains(t, out, unchecked)

	repository := filepath.Join(t.TempDir(), "repository.yaml")
	require.NoError(t, os.WriteFile(repository, []byte("apiVersion: pipelinesascode.tekton.dev/v1alpha1\nkind: Repository\nmetadata: {name: r}\nspec: {url: https://github.com/acme/shop}\n"), 0o600))
	_, stderr, exit = runEvent(t, repository, "--event", "push")
	assert.Equal(t, 2, exit)
	assert.Contains(t, stderr, `the runs of Repository "r" are in the folder .tekton`)
}

// TestDocs: the pages show what the commands print.
func TestDocs(t *testing.T) {
	for page, screen := range map[string]string{"simulate.md": "run.txt", "simulate-event.md": "event.txt"} {
		text, err := os.ReadFile("../../../../docs/" + page)
		require.NoError(t, err)
		shown, err := os.ReadFile("testdata/" + screen)
		require.NoError(t, err)
		assert.Contains(t, string(text), string(shown), "docs/%s does not show testdata/%s", page, screen)
	}
}

// TestSecrets: a value of a Secret of the set that a run repeats is in no format.
func TestSecrets(t *testing.T) {
	text, err := os.ReadFile(manifests)
	require.NoError(t, err)
	const secret = "ab+cd/efgh12345678ZZ"
	repeated := strings.Replace(string(text), "default: main", "default: "+secret, 1) +
		"---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {key: " + secret + "}\n"
	for _, format := range []string{"text", "json", "mermaid", "html"} {
		out, stderr, _ := run(t, repeated, "-", "-o", format)
		assert.NotContains(t, out, "12345678ZZ", format)
		assert.NotContains(t, stderr, "12345678ZZ", format)
		assert.Contains(t, out, "changes", format)
	}
}

// TestResultOfFailure: a task that fails by the script writes no result of the command line.
func TestResultOfFailure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "script.yaml")
	require.NoError(t, os.WriteFile(file, []byte("tasks: {changes: [{status: fail}]}\n"), 0o600))
	out, _, exit := run(t, "", manifests, "--script", file, "--result", "changes.any=true")
	assert.Equal(t, 1, exit)
	assert.NotContains(t, out, "any = true")
}

// stuckRun has a pipeline that gets stuck if a does not write its result.
const stuckRun = `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
  pipelineSpec:
    tasks:
      - {name: a, taskSpec: {results: [{name: text}], steps: [{image: registry.local/tool, script: run}]}}
      - {name: b, params: [{name: in, value: $(tasks.a.results.text)}], taskSpec: {params: [{name: in}], steps: [{image: registry.local/tool, script: run}]}}
      - {name: c, runAfter: [a], taskSpec: {steps: [{image: registry.local/tool, script: run}]}}
    finally:
      - {name: f, taskSpec: {steps: [{image: registry.local/tool, script: run}]}}
`

// TestStuck: each format names a run that gets stuck.
func TestStuck(t *testing.T) {
	file := filepath.Join(t.TempDir(), "script.yaml")
	require.NoError(t, os.WriteFile(file, []byte("tasks: {a: [{without: [text]}]}\n"), 0o600))
	for format, want := range map[string]string{
		"text": "\n  stuck: nothing runs from 10s until 1h0m0s.",
		"html": `<p class="failed">nothing runs from 10s until 1h0m0s.`,
		"json": `"run-stuck"`,
	} {
		out, stderr, exit := run(t, stuckRun, "-", "--script", file, "-o", format)
		assert.Empty(t, stderr)
		assert.Equal(t, 1, exit)
		assert.Contains(t, out, want)
		assert.Equal(t, 1, strings.Count(out, "nothing runs from"), format)
	}
}

// TestWholeRun: flags about the run as a whole.
func TestWholeRun(t *testing.T) {
	out, _, exit := run(t, stuckRun, "-", "--cancel", "5s:StoppedRunFinally")
	assert.Equal(t, 1, exit)
	assert.Contains(t, out, "skipped: PipelineRun was gracefully stopped")
	out, _, _ = run(t, stuckRun, "-", "--timeout", "c", "--tasks-timeout", "1m")
	assert.Contains(t, out, "10s to 1m0s")
	out, _, _ = run(t, stuckRun, "-", "--all", "--may-fail", "*")
	assert.Contains(t, out, ", if tasks.a.status = Failed\n")
	assert.Contains(t, out, "note: in each way, at most one task fails")
	for flags, want := range map[string]string{
		"--cancel soon":         `--cancel "soon": "soon" is not a time such as 90s or 5m`,
		"--cancel 5s:Stopped":   "mode of cancellation",
		"--may-fail a":          "--may-fail needs --all; --fail lets a task fail",
		"--all --may-fail x":    `there is no task "x"`,
		"--finally-timeout -1s": "a timeout must not be negative",
	} {
		_, stderr, exit := run(t, stuckRun, append(strings.Fields(flags), "-")...)
		assert.Equal(t, 2, exit, flags)
		assert.Contains(t, stderr, want)
	}
}
