package tasktest_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasktest"
)

// host runs steps with the programs of this machine.
func host() tasktest.Host { return tasktest.Host{Path: os.Getenv("PATH")} }

// task returns a Task with a spec in YAML.
func task(t testing.TB, spec string) tasktest.Source {
	t.Helper()
	return set(t, "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n"+indent(spec))
}

func indent(text string) string {
	var out strings.Builder
	for line := range strings.Lines(strings.Trim(text, "\n")) {
		out.WriteString("  " + line)
	}
	return out.String() + "\n"
}

func set(t testing.TB, text string) tasktest.Source {
	t.Helper()
	s, err := manifest.Read(strings.NewReader(text), "task.yaml")
	require.NoError(t, err)
	return tasktest.In(s, "")
}

func TestVariables(t *testing.T) {
	t.Parallel()
	got := tasktest.Do(t, tasktest.Case{
		Name: "run-1",
		Task: task(t, `
params:
  - name: who
  - name: list
    type: array
    default: [a, b c, ""]
  - name: settings
    type: object
    properties: {key: {}, other: {}}
    default: {other: from default}
  - {name: greeting, default: hello}
  - {name: both, default: $(params.greeting)!}
workspaces:
  - name: source
  - {name: extra, optional: true}
  - {name: elsewhere, mountPath: /data/in}
results:
  - {name: text}
  - {name: items, type: array}
  - {name: pairs, type: object, properties: {k: {}}}
stepTemplate:
  env: [{name: FROM_TEMPLATE, value: yes sir}]
steps:
  - name: one
    image: registry.local/x
    args: ["$(params.list[*])", "$(params.list[1])", "$(params.settings.key)", "$(params.settings.other)"]
    workingDir: $(workspaces.source.path)
    env:
      - {name: WHO, value: $(params.who)}
      - {name: AGAIN, value: "<$(WHO)> $$(WHO) $(NONE)"}
      - {name: BOTH, value: $(params.both)}
      - {name: HOME, value: /tekton/home}
      - {name: BOUND, value: "$(workspaces.source.bound) $(workspaces.extra.bound) [$(workspaces.extra.path)]"}
      - {name: IN, value: $(workspaces.elsewhere.path)}
      - {name: RUN, value: $(context.taskRun.name) $(context.task.name)}
      - {name: TEXT, value: $(results.text.path)}
    script: |
      printf '%s|' "$#" "$@"; echo
      printf '%s\n' "$WHO" "$AGAIN" "$BOTH" "$BOUND" "$RUN" "$FROM_TEMPLATE"
      cat app.txt /data/in/file
      test -d "$IN" && echo x >"$HOME/left"
      echo new >made.txt
      printf %s "$WHO" >"$TEXT"
      printf '["a","b"]' >$(results.items.path)
      printf '{"k":"v"}' >$(results.pairs.path)
`),
		Params: tasktest.Params{"who": "you $(x) 'n\" me", "settings": map[string]string{"key": "v w"}},
		Workspaces: map[string]tasktest.Folder{
			"source":    {Files: map[string]string{"app.txt": "content\n"}},
			"elsewhere": {Files: map[string]string{"file": "elsewhere\n"}},
		},
	}, host()).OK(t)
	assert.Equal(t, "6|a|b c||b c|v w|from default|\n"+
		"you $(x) 'n\" me\n<you $(x) 'n\" me> $(WHO) $(NONE)\nhello!\ntrue false []\nrun-1 t\nyes sir\n"+
		"content\nelsewhere\n", got.Stdout())
	got.Wrote(t, "text", "you $(x) 'n\" me")
	assert.Equal(t, []string{"a", "b"}, got.Results["items"].ArrayVal)
	assert.Equal(t, map[string]string{"k": "v"}, got.Results["pairs"].ObjectVal)
	assert.Equal(t, map[string]string{"app.txt": "content\n", "made.txt": "new\n"}, got.Workspaces["source"])
	assert.Equal(t, "x\n", got.Files["/tekton/home/left"])
}

func TestOrder(t *testing.T) {
	t.Parallel()
	got := tasktest.Do(t, tasktest.Case{Task: task(t, `
steps:
  - {name: one, image: x, onError: continue, script: "echo one; exit 3"}
  - {name: two, image: x, script: 'echo "two after $(cat $(steps.step-one.exitCode.path))"'}
  - {name: three, image: x, when: [{input: a, operator: in, values: [b]}], script: echo three}
  - {image: x, script: 'cat $(steps.step-three.exitCode.path); false; echo not reached'}
  - {name: five, image: x, script: echo five}
`)}, host())
	require.Len(t, got.Steps, 5)
	assert.Equal(t, "one\ntwo after 3\n0", got.Stdout())
	assert.Equal(t, "exit code 3", got.Step("one").Failure)
	assert.Equal(t, "its when expressions are false", got.Step("three").Skipped)
	assert.Equal(t, 1, got.Step("unnamed-3").ExitCode)
	assert.Equal(t, `step "unnamed-3" failed`, got.Step("five").Skipped)
	assert.True(t, got.Failed)
	assert.Equal(t, `step "unnamed-3": exit code 1`, got.Reason)
}

func TestStepResults(t *testing.T) {
	t.Parallel()
	got := tasktest.Do(t, tasktest.Case{Task: task(t, `
results:
  - {name: image, value: $(steps.build.results.image)}
steps:
  - name: build
    image: x
    results: [{name: image}, {name: tags, type: array}, {name: meta, type: object, properties: {arch: {type: string}}}]
    script: |
      printf app:1 >$(step.results.image.path)
      printf '["a","b c"]' >$(step.results.tags.path)
      printf '{"arch":"arm"}' >$(step.results.meta.path)
  - name: use
    image: x
    command: [printf]
    args: ["%s|", "$(steps.build.results.tags[*])", "$(steps.build.results.tags[1])", "$(steps.build.results.meta.arch)"]
  - name: env
    image: x
    env: [{name: IMAGE, value: "<$(steps.build.results.image)>"}]
    script: printf %s "$IMAGE"
  - name: only
    image: x
    when: [{input: "$(steps.build.results.image)", operator: in, values: ["app:1"]}]
    script: echo only
  - name: never
    image: x
    when: [{cel: "'$(steps.build.results.image)' == 'app:2'"}]
    script: echo never
`)}, host()).OK(t)
	assert.Equal(t, "a|b c|b c|arm|", got.Step("use").Stdout)
	assert.Equal(t, "<app:1>", got.Step("env").Stdout)
	assert.Equal(t, "only\n", got.Step("only").Stdout)
	assert.NotEmpty(t, got.Step("never").Skipped)
	got.Wrote(t, "image", "app:1")
}

func TestStepAction(t *testing.T) {
	t.Parallel()
	source := set(t, `apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: greet}
spec:
  params:
    - {name: who}
    - {name: greeting, default: hello}
    - {name: both, default: $(params.greeting) $(params.who)}
    - {name: list, type: array, default: [d]}
  results: [{name: said}]
  image: x
  env: [{name: BOTH, value: $(params.both)}]
  args: ["$(params.list[*])"]
  script: |
    echo "$BOTH $*"
    printf %s "$BOTH" >$(step.results.said.path)
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params: [{name: name}]
  steps:
    - name: one
      ref: {name: greet}
      params:
        - {name: who, value: $(params.name)}
        - {name: list, value: [x, "$(params.name)"]}
    - name: two
      ref: {name: greet}
      params:
        - {name: who, value: $(steps.one.results.said)}
`)
	got := tasktest.Do(t, tasktest.Case{Task: source, Params: tasktest.Params{"name": "you"}}, host()).OK(t)
	assert.Equal(t, "hello you x you\n", got.Step("one").Stdout)
	assert.Equal(t, "hello hello you d\n", got.Step("two").Stdout)
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	got := tasktest.Do(t, tasktest.Case{
		Task: task(t, `
volumes:
  - {name: creds, secret: {secretName: login}}
  - {name: conf, configMap: {name: conf, items: [{key: a, path: sub/b}]}}
  - {name: shared, emptyDir: {}}
steps:
  - name: one
    image: x
    envFrom: [{prefix: P_, secretRef: {name: login}}]
    env:
      - {name: TOKEN, valueFrom: {secretKeyRef: {name: login, key: token}}}
      - {name: NONE, valueFrom: {configMapKeyRef: {name: none, key: x, optional: true}}}
      - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
    volumeMounts: [{name: creds, mountPath: /creds}, {name: conf, mountPath: /etc/conf}, {name: shared, mountPath: /cache}]
    script: |
      cat /creds/token /etc/conf/sub/b "/etc/app.ini"
      echo "$TOKEN $P_token ${NONE-unset} $POD"
      echo x >/cache/left
  - name: two
    image: x
    volumeMounts: [{name: shared, mountPath: /other}]
    script: cat /other/left
`),
		Secrets:    map[string]map[string]string{"login": {"token": "s3cret"}},
		ConfigMaps: map[string]map[string]string{"conf": {"a": "=conf="}},
		Files:      map[string]string{"/etc/app.ini": "ini\n"},
	}, host()).OK(t)
	assert.Equal(t, "s3cret=conf=ini\ns3cret s3cret unset test-pod\nx\n", got.Stdout())
}

func TestOutputFiles(t *testing.T) {
	t.Parallel()
	got := tasktest.Do(t, tasktest.Case{
		Task: task(t, `
workspaces: [{name: source}]
steps:
  - {name: one, image: x, stdoutConfig: {path: $(workspaces.source.path)/logs/out}, stderrConfig: {path: /workspace/source/err}, script: "echo out; echo err >&2"}
`),
		Workspaces: map[string]tasktest.Folder{"source": {}},
	}, host()).OK(t)
	assert.Equal(t, map[string]string{"logs/out": "out\n", "err": "err\n"}, got.Workspaces["source"])
	assert.Equal(t, "out\n", got.Stdout())
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	got := tasktest.Do(t, tasktest.Case{Task: task(t, `
steps:
  - {name: one, image: x, timeout: 1s, onError: continue, script: "echo begun; sleep 300 & sleep 300"}
  - {name: two, image: x, script: echo two}
`)}, host())
	assert.Equal(t, "it took longer than its timeout of 1s", got.Step("one").Failure)
	assert.Equal(t, -1, got.Step("one").ExitCode)
	assert.NotEmpty(t, got.Step("two").Skipped, "a timeout ends the Task although onError is continue")
	assert.True(t, got.Failed)

	got = tasktest.Do(t, tasktest.Case{Timeout: 300 * time.Millisecond, Task: task(t, `
steps: [{name: one, image: x, script: sleep 300}]
`)}, host())
	assert.Equal(t, `step "one": the steps took longer than 300ms`, got.Reason)
}

func TestRecorders(t *testing.T) {
	t.Parallel()
	c := tasktest.Case{
		Task: task(t, `
steps:
  - name: one
    image: x
    env: [{name: KUBECONFIG, value: "a\nb"}]
    script: |
      printf 'kind: X\n' | kubectl apply -f -
      kubectl get pods; echo "exit $?"
      kubectl get pods || echo "exit $?"
      kubectl delete 'two words' "$(printf 'two\nlines')" '' || echo "exit $?"
      git status
      echo a | fake b
`),
		Commands: map[string]tasktest.Command{
			"kubectl": {Stdin: true, Env: []string{"KUBECONFIG", "NOT_SET"}, Answers: []tasktest.Answer{
				{Args: []string{"apply"}, Stdout: "applied 100%\n"},
				{Args: []string{"get", "pods"}, Times: 1, Stdout: "pod-1\n"},
				{Args: []string{"get", "pods"}, Stderr: "no\n", Exit: 4},
			}},
			"git":  {},
			"fake": {Script: `echo "fake $1"; tr a-z A-Z`},
		},
	}
	got := tasktest.Do(t, c, host()).OK(t)
	assert.Equal(t, "applied 100%\npod-1\nexit 0\nexit 4\nexit 127\nfake b\nA\n", got.Stdout())
	assert.Contains(t, got.Stderr(), "kubectl has no answer for these arguments")
	require.Len(t, got.Calls, 6)
	assert.Equal(t, tasktest.Call{Command: "kubectl", Args: []string{"apply", "-f", "-"}, Stdin: "kind: X\n", Env: map[string]string{"KUBECONFIG": "a\nb"}}, got.Calls[0])
	assert.Equal(t, []string{"delete", "two words", "two\nlines", ""}, got.Calls[3].Args)
	assert.True(t, got.Calls[3].Unexpected)
	assert.False(t, got.Calls[2].Unexpected)
	assert.Equal(t, tasktest.Call{Command: "git", Args: []string{"status"}}, got.Calls[4])
	got.Called(t, "git", "status")
}

func TestResultSize(t *testing.T) {
	t.Parallel()
	source := `
results: [{name: big}]
steps: [{name: one, image: x, script: "head -c %d /dev/zero | tr '\\0' a >$(results.big.path)"}]
`
	tasktest.Do(t, tasktest.Case{Task: task(t, fmt.Sprintf(source, 3900))}, host()).OK(t)
	got := tasktest.Do(t, tasktest.Case{Task: task(t, fmt.Sprintf(source, 4096))}, host())
	assert.True(t, got.Failed)
	assert.Contains(t, got.Reason, "termination message")
}

func TestResultTypes(t *testing.T) {
	t.Parallel()
	for script, reason := range map[string]string{
		`printf text >$(results.a.path)`:            `result "a" has the type array, but the step wrote a value of type string`,
		`printf '["x"]' >$(results.s.path)`:         `result "s" has the type string, but the step wrote a value of type array`,
		`printf '{"x":"y"}' >$(results.o.path)`:     `result "o" lacks the key "k"`,
		`printf '{"k":{"y":1}}' >$(results.o.path)`: `result "o" has the type object, but the step wrote a value of type string`,
		`printf '[1]' >$(results.a.path)`:           `result "a" has the type array, but the step wrote a value of type string`,
	} {
		got := tasktest.Do(t, tasktest.Case{Task: task(t, `
results: [{name: s}, {name: a, type: array}, {name: o, type: object, properties: {k: {}}}]
steps:
  - image: x
    script: |
      `+script)}, host())
		assert.Equal(t, reason, got.Reason)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	one := "steps: [{name: one, image: x, script: 'true'}]"
	for name, c := range map[string]struct {
		in   tasktest.Case
		want string
	}{
		"no task":           {tasktest.Case{}, "the case has no Task"},
		"param":             {tasktest.Case{Task: task(t, "params: [{name: version}]\n"+one)}, `param "version" has no value and no default`},
		"unknown param":     {tasktest.Case{Task: task(t, "params: [{name: version, default: x}]\n"+one), Params: tasktest.Params{"versoin": "x"}}, `declares no param "versoin"; did you mean "version"?`},
		"type":              {tasktest.Case{Task: task(t, "params: [{name: v, type: array}]\n"+one), Params: tasktest.Params{"v": "x"}}, `the type array, but its value has the type string`},
		"go type":           {tasktest.Case{Task: task(t, "params: [{name: v}]\n"+one), Params: tasktest.Params{"v": 1}}, `param "v" is a int`},
		"workspace":         {tasktest.Case{Task: task(t, "workspaces: [{name: source}]\n"+one)}, `workspace "source" is not optional`},
		"unknown workspace": {tasktest.Case{Task: task(t, one), Workspaces: map[string]tasktest.Folder{"x": {}}}, `declares no workspace "x"`},
		"secret":            {tasktest.Case{Task: task(t, "steps: [{image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}], script: 'true'}]")}, `the case has no Secret "s"`},
		"rejected":          {tasktest.Case{Task: task(t, "steps: [{name: one, image: x, script: 'echo $(params.none)'}]")}, "the Task is rejected by Tekton"},
		"entrypoint":        {tasktest.Case{Task: task(t, "steps: [{name: one, image: x}]")}, "runs the entrypoint of its image"},
		"path":              {tasktest.Case{Task: task(t, "steps: [{name: one, image: x, script: \"set -e\\n# /workspace/ok\\ncat '/workspace/source/x'\"}]")}, `line 3 of the script of step "one" uses the path /workspace, which this machine does not have`},
		"outside":           {tasktest.Case{Task: task(t, "workspaces: [{name: s}]\n"+one), Workspaces: map[string]tasktest.Folder{"s": {Files: map[string]string{"../x": ""}}}}, "not below the workspace"},
		"relative":          {tasktest.Case{Task: task(t, one), Files: map[string]string{"x": ""}}, "is not absolute"},
		"recorder":          {tasktest.Case{Task: task(t, one), Commands: map[string]tasktest.Command{"a/b": {}}}, "cannot be the name of a command"},
		"step result":       {tasktest.Case{Task: task(t, "steps: [{name: one, image: x, results: [{name: r}], script: 'true'}, {name: two, image: x, command: [echo], args: [$(steps.one.results.r)]}]")}, "the step has not written the result"},
		"stepaction":        {tasktest.Case{Task: task(t, "steps: [{name: one, ref: {name: none}}]")}, `there is no StepAction "none"`},
	} {
		_, err := tasktest.Run(t.Context(), c.in, host())
		assert.ErrorContains(t, err, c.want, name)
	}
}

func TestPipeAsResult(t *testing.T) {
	t.Parallel()
	_, err := tasktest.Run(t.Context(), tasktest.Case{Task: task(t, `
results: [{name: r}]
steps: [{image: x, script: "mkfifo $(results.r.path)"}]
`)}, host())
	assert.ErrorContains(t, err, "something else than a file")
}

func TestCommandMissing(t *testing.T) {
	t.Parallel()
	got := tasktest.Do(t, tasktest.Case{Task: task(t, `
steps:
  - {name: one, image: x, onError: continue, command: [no-such-command-of-tasktest]}
  - {name: two, image: x, onError: continue, script: "#!/no/such/interpreter\n"}
  - {name: three, image: x, script: "#!/usr/bin/env sh\necho three"}
`)}, host()).OK(t)
	assert.Equal(t, 127, got.Step("one").ExitCode)
	assert.Contains(t, got.Step("one").Stderr, `this machine has no command "no-such-command-of-tasktest"`)
	assert.Contains(t, got.Step("two").Stderr, "cannot run /no/such/interpreter")
	assert.Equal(t, "three\n", got.Step("three").Stdout)
}

func TestNothingIsLeft(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	source := t.TempDir()
	require.NoError(t, os.WriteFile(source+"/f", []byte("before"), 0o600))
	got := tasktest.Do(t, tasktest.Case{
		Task: task(t, `
workspaces: [{name: source}]
steps: [{image: x, workingDir: $(workspaces.source.path), script: "cat f; echo after >f; mkdir d; touch d/x; chmod 0 d; (trap '' HUP; sleep 300) &"}]
`),
		Workspaces: map[string]tasktest.Folder{"source": {Dir: source}},
	}, host()).OK(t)
	assert.Equal(t, "before", got.Stdout())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, entries)
	text, err := os.ReadFile(source + "/f")
	require.NoError(t, err)
	assert.Equal(t, "before", string(text), "the original was changed")
}

func TestShell(t *testing.T) {
	t.Parallel()
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		t.Skip("SKIPPED: this machine has no busybox")
	}
	h := host()
	h.Shell = []string{busybox, "sh"}
	got := tasktest.Do(t, tasktest.Case{Task: task(t, `steps: [{image: x, args: [a], script: 'readlink /proc/$$/exe; echo "$1"'}]`)}, h).OK(t)
	assert.Contains(t, got.Stdout(), "busybox\na\n")
}

func TestAbsoluteCommand(t *testing.T) {
	t.Parallel()
	_, err := os.Stat("/bin/cat")
	require.NoError(t, err)
	run := func(steps string, files map[string]string) error {
		_, err := tasktest.Run(t.Context(), tasktest.Case{Task: task(t, "steps:\n"+steps), Files: files, Commands: map[string]tasktest.Command{"cat": {}}}, host())
		return err
	}
	for _, steps := range []string{
		"- {name: a, image: x, script: \"true; /bin/cat </dev/null\"}",
		"- {name: a, image: x, script: \"CAT=/bin/cat\\n$CAT </dev/null\"}",
		"- {name: a, image: x, script: \"if false; then /opt/tools/cat; fi\"}",
		"- {name: a, image: x, command: [/opt/cat]}",
		"- {name: a, image: x, command: [env, /bin/cat]}",
		"- {name: a, image: x, command: [sh, -c], args: [\"exec /bin/cat\"]}",
	} {
		err := run(steps, nil)
		require.Error(t, err, steps)
		assert.Regexp(t, `^step "a" calls /(bin|opt|opt/tools)/cat by its path, so the real command would run and not the recorder "cat"`, err.Error())
	}
	for _, steps := range []string{
		"- {name: a, image: x, script: \"# not /bin/cat\\ncat </dev/null\"}",
		"- {name: a, image: x, script: \"test ! -d /data/cat; echo https://example.com/bin/cat\"}",
		"- {name: a, image: x, command: [echo, /data/cat]}",
		"- {name: a, image: x, script: \"echo ./bin/cat $PWD/bin/cat\"}",
	} {
		assert.NoError(t, run(steps, nil), steps)
	}
	assert.NoError(t, run("- {name: a, image: x, script: /opt/bin/cat}", map[string]string{"/opt/bin/cat": "#!/bin/sh\n"}))
}
