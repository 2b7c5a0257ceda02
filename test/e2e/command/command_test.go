// Package command_test proves on a live Tekton that tekwright apply, run, watch
// and cancel do what their help says.
package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/cli"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

// result is what a run of the command did.
type result struct {
	out, err string
	exit     int
}

// shell runs commands on the cluster in a namespace.
type shell struct{ namespace, dir string }

func (s shell) run(stdin string, args ...string) result {
	var out, stderr bytes.Buffer
	exit := cli.Run(context.Background(), append(args, "-n", s.namespace), cli.Streams{
		In: strings.NewReader(stdin), Out: &out, Err: &stderr, Env: os.Getenv,
	})
	return result{out.String(), stderr.String(), exit}
}

// write writes a manifest into the folder.
func (s shell) write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600))
}

func start(t *testing.T) shell {
	t.Helper()
	c := harness.Get(t)
	if c.Tier == harness.ControlPlane {
		harness.StandsIn(t, "a kubelet that ends pods without running them")
	}
	return shell{c.Namespace(t), t.TempDir()}
}

const (
	task = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: greet
spec:
  params:
    - name: who
      default: world
  results:
    - name: text
      description: what was said
  steps:
    - name: greet
      image: docker.io/library/busybox:1.37
      env:
        - name: WHO
          value: $(params.who)
      script: |
        #!/bin/sh
        set -e
        echo "hello $WHO"
        printf 'hello %s' "$WHO" > $(results.text.path)
`
	pipeline = `apiVersion: tekton.dev/v1
kind: Pipeline
metadata:
  name: greetings
spec:
  params:
    - name: who
      default: world
  tasks:
    - name: hello
      taskRef:
        name: greet
      params:
        - name: who
          value: $(params.who)
  results:
    - name: text
      value: $(tasks.hello.results.text)
`
	once = `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: greetings-1
spec:
  pipelineRef:
    name: greetings
`
	failing = `apiVersion: tekton.dev/v1
kind: TaskRun
metadata:
  generateName: broken-
  annotations:
    cluster.tekwright.dev/fake: '{"exitCode": 3}'
spec:
  taskSpec:
    steps:
      - name: break
        image: docker.io/library/busybox:1.37
        script: |
          #!/bin/sh
          exit 3
`
	hanging = `apiVersion: tekton.dev/v1
kind: TaskRun
metadata:
  name: endless
  annotations:
    cluster.tekwright.dev/fake: '{"hang": true}'
spec:
  taskSpec:
    steps:
      - name: sleep
        image: docker.io/library/busybox:1.37
        command: [sleep, "3600"]
`
)

func TestApply(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.write(t, "task.yaml", task)
	s.write(t, "pipeline.yaml", pipeline)
	in := " in namespace \"" + s.namespace + "\"\n"

	r := s.run("", "apply", s.dir, "--set", "greetings", "--dry-run")
	want := "created Task \"greet\"" + in + "created Pipeline \"greetings\"" + in
	assert.Equal(t, result{strings.ReplaceAll(want, "created", "would create") + "2 created (dry run: nothing was changed)\n", "", 0}, r)
	assert.Equal(t, result{want + "2 created\n", "", 0}, s.run("", "apply", s.dir, "--set", "greetings"))
	want = "unchanged Task \"greet\"" + in + "unchanged Pipeline \"greetings\"" + in + "2 unchanged\n"
	assert.Equal(t, result{want, "", 0}, s.run("", "apply", s.dir, "--set", "greetings"))

	s.write(t, "task.yaml", strings.ReplaceAll(task, "hello %s", "hi %s"))
	r = s.run("", "apply", s.dir, "--set", "greetings", "--diff")
	assert.Equal(t, 0, r.exit, r.err)
	assert.Contains(t, r.out, "configured Task \"greet\""+in)
	assert.Contains(t, r.out, "printf 'hi %s'")

	require.NoError(t, os.Remove(filepath.Join(s.dir, "pipeline.yaml")))
	r = s.run("", "apply", s.dir, "--set", "greetings", "--prune", "-o", "json")
	assert.Equal(t, 0, r.exit, r.err)
	var actions []string
	for line := range strings.Lines(r.out) {
		var change struct{ Action, Kind, Name, Namespace string }
		require.NoError(t, json.Unmarshal([]byte(line), &change))
		assert.Equal(t, s.namespace, change.Namespace)
		actions = append(actions, change.Action+" "+change.Kind+" "+change.Name)
	}
	assert.Equal(t, []string{"unchanged Task greet", "pruned Pipeline greetings"}, actions)
}

// TestRefused shows that a manifest which the cluster refuses is named, with
// its place, and that the exit status tells.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.write(t, "task.yaml", task)
	s.write(t, "quota.yaml", "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: q\nspec:\n  hard:\n    pods: -1\n")
	r := s.run("", "apply", s.dir)
	assert.Equal(t, 1, r.exit, r.err)
	assert.Contains(t, r.out, "created Task")
	assert.Contains(t, r.err, "quota.yaml")
}

func TestRun(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.write(t, "task.yaml", task)
	s.write(t, "pipeline.yaml", pipeline)
	s.write(t, "run.yaml", once)

	r := s.run("", "run", s.dir, "--apply")
	assert.Equal(t, 0, r.exit, r.err)
	assert.Contains(t, r.out, "PipelineRun \"greetings-1\" started\n")
	assert.Contains(t, r.out, "task \"hello\", step \"greet\" succeeded")
	assert.Regexp(t, `\nresult text = .+\n$`, r.out)

	// The name was used.
	r = s.run("", "run", s.dir)
	assert.Equal(t, 2, r.exit, r.out)
	assert.Contains(t, r.err, "greetings-1")

	r = s.run("", "run", s.dir, "--again", "-p", "who=everybody", "-o", "json")
	assert.Equal(t, 0, r.exit, r.err)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	var last struct {
		Type, Run, State string
		Results          map[string]string
	}
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
	assert.Equal(t, "Outcome", last.Type)
	assert.Equal(t, "Succeeded", last.State)
	assert.NotEmpty(t, last.Results["text"])
	assert.Regexp(t, `^greetings-1-`, last.Run)

	// A run that has ended is told from its beginning.
	again := s.run("", "watch", last.Run, "-o", "json")
	assert.Equal(t, 0, again.exit, again.err)
	assert.Contains(t, again.out, `"type":"RunStarted"`)
	assert.Contains(t, again.out, `"type":"Outcome"`)

	r = s.run("", "watch", "nobody")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, `"nobody"`)
}

func TestFailing(t *testing.T) {
	t.Parallel()
	s := start(t)
	r := s.run(failing, "run", "-")
	assert.Equal(t, 1, r.exit)
	assert.Contains(t, r.err, "exit code 3")
	assert.Contains(t, r.err, "step \"break\"")
}

func TestCancel(t *testing.T) {
	t.Parallel()
	s := start(t)
	r := s.run(hanging, "run", "-", "--detach")
	assert.Equal(t, result{"endless\n", "", 0}, r)
	said := "asked Tekton to cancel TaskRun \"endless\" in namespace \"" + s.namespace + "\"; to follow it, run: tekwright watch taskrun/endless -n " + s.namespace + "\n"
	assert.Equal(t, result{said, "", 0}, s.run("", "cancel", "taskrun/endless"))
	r = s.run("", "watch", "tr/endless")
	assert.Equal(t, 1, r.exit)
	assert.Contains(t, r.err, "TaskRun \"endless\" was cancelled")
	r = s.run("", "cancel", "tr/endless")
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "ended")
}
