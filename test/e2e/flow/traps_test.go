package flow

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/test/e2e/harness"
)

// read puts objects that the library would report into a namespace of their own,
// and starts the one run among them.
func read(t *testing.T, text string) *harness.Play {
	t.Helper()
	t.Parallel()
	c := harness.Get(t)
	return play(t, c, c.Move(t, c.Namespace(t), harness.Decode(t, text)))
}

// TestRetryCount shows that the attempts of an embedded spec count up, and that those
// of a Task do not, wherever it is from: the first attempt stores the Task in the
// status of the TaskRun with its variables replaced, and the others use that.
func TestRetryCount(t *testing.T) {
	run := read(t, strings.ReplaceAll(`
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: try}
spec: SPEC
---
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: try}
spec: {params: [{name: try}], image: "registry.local/tool:1", env: [{name: TRY, value: $(params.try)}], script: "true"}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: try}
spec:
  tasks:
    - {name: embedded, retries: 2, taskSpec: SPEC}
    - {name: param, retries: 2, params: [{name: try, value: $(context.task.retry-count)}], taskSpec: {params: [{name: try}], steps: [{name: try, image: "registry.local/tool:1", script: "true", env: [{name: TRY, value: $(params.try)}]}]}}
    - {name: action, retries: 2, taskSpec: {steps: [{name: try, ref: {name: try}, params: [{name: try, value: $(context.task.retry-count)}]}]}}
    - {name: matrix, retries: 2, taskRef: {name: try}, matrix: {params: [{name: part, value: [a]}]}}
    - {name: matrix-embedded, retries: 2, taskSpec: SPEC, matrix: {params: [{name: part, value: [a]}]}}
    - {name: referenced, retries: 2, taskRef: {name: try}}
    - name: resolved
      retries: 2
      taskRef: {resolver: cluster, params: [{name: kind, value: task}, {name: name, value: try}, {name: namespace, value: $(context.pipelineRun.namespace)}]}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: try}
spec: {pipelineRef: {name: try}}
`, "SPEC", `{params: [{name: part, default: ""}], steps: [{name: try, image: "registry.local/tool:1", script: "true", env: [{name: TRY, value: $(context.task.retry-count)}]}]}`))
	c := harness.Get(t)
	tries := map[string][]string{}
	for range 3 {
		for _, h := range run.Running("action", "embedded", "matrix", "matrix-embedded", "param", "referenced", "resolved") {
			env, _ := given(t, c, h)
			tries[h.Task] = append(tries[h.Task], env["TRY"])
			h.Fail(1)
		}
	}
	run.Over()
	assert.Equal(t, map[string][]string{
		"embedded": {"0", "1", "2"}, "param": {"0", "1", "2"}, "matrix-embedded": {"0", "1", "2"}, "action": {"0", "1", "2"},
		"referenced": {"0", "0", "0"}, "resolved": {"0", "0", "0"}, "matrix": {"0", "0", "0"},
	}, tries)
}

// TestResultOfMatrix shows that a pipeline result of a matrix fails the run, though
// all tasks succeed, unless a task reads a result of that matrix. It may be another
// result, and the task may be skipped.
func TestResultOfMatrix(t *testing.T) {
	const taken = "params: [{name: in, value: ['$(tasks.fan.results.out[*])']}]"
	for _, c := range []struct{ name, reader, reason string }{
		{"nobody", "", "CouldntGetPipelineResult"},
		{"a task behind it", "{name: reader, runAfter: [fan], taskRef: {name: work}}", "CouldntGetPipelineResult"},
		{"a task that takes how many there are", "{name: reader, runAfter: [fan], taskRef: {name: work}, params: [{name: in, value: [$(tasks.fan.matrix.out.length)]}]}", "CouldntGetPipelineResult"},
		{"a task that takes it", "{name: reader, taskRef: {name: work}, " + taken + "}", "Succeeded"},
		{"a task that takes another", "{name: reader, taskRef: {name: work}, params: [{name: in, value: ['$(tasks.fan.results.other[*])']}]}", "Succeeded"},
		{"a when expression", "{name: reader, taskRef: {name: work}, when: [{input: a, operator: in, values: ['$(tasks.fan.results.out[*])']}]}", "Completed"},
		{"a task that is skipped", "{name: reader, taskRef: {name: work}, " + taken + ", when: [{input: a, operator: in, values: [b]}]}", "Completed"},
		{"another matrix", "{name: reader, taskRef: {name: work}, matrix: {params: [{name: part, value: ['$(tasks.fan.results.out[*])']}]}}", "Succeeded"},
		{"a task that is listed before", "first {name: reader, taskRef: {name: work}, " + taken + "}", "Succeeded"},
		{"finally", "finally {name: reader, taskRef: {name: work}, " + taken + "}", "Succeeded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			reader, first, last := c.reader, "", ""
			if r, ok := strings.CutPrefix(reader, "finally "); ok {
				reader, last = "", r
			} else if r, ok := strings.CutPrefix(reader, "first "); ok {
				reader, first = "", r+", "
			}
			over := read(t, strings.NewReplacer("READER", reader, "FIRST", first, "FINALLY", last).Replace(`
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: work}
spec:
  params: [{name: in, type: array, default: []}, {name: part, default: ""}]
  results: [{name: out}, {name: other}]
  steps: [{name: work, image: "registry.local/tool:1", script: "true"}]
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: matrix}
spec:
  results: [{name: all, value: '$(tasks.fan.results.out[*])'}]
  tasks: [FIRST{name: fan, taskRef: {name: work}, matrix: {params: [{name: part, value: [a, b]}]}}, READER]
  finally: [FINALLY]
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: matrix}
spec: {pipelineRef: {name: matrix}}
`)).Drain()
			end := over.Status.GetCondition("Succeeded")
			assert.Equal(t, c.reason, end.Reason, "%s", end.Message)
			if c.reason == "CouldntGetPipelineResult" {
				assert.Contains(t, end.Message, "invalid pipelineresults [all], the referenced results don't exist")
				return
			}
			require.Len(t, over.Status.Results, 1)
			assert.Equal(t, []string{"made-out", "made-out"}, over.Status.Results[0].Value.ArrayVal)
		})
	}
}

// TestSkipSpreads shows what becomes of the tasks behind one that its when expressions
// skip. One that only runs after it escapes. One that takes its result is skipped, and
// so is all that runs after that, up to a task with a false when expression of its own:
// what runs after that one escapes as well. When expressions are evaluated first, so
// that a result that is missing there is a text like any other.
func TestSkipSpreads(t *testing.T) {
	const (
		when     = "when: [{input: a, operator: in, values: [b]}]"
		takes    = "params: [{name: in, value: ['$(tasks.approve.results.out)']}]"
		after    = "runAfter: [push]"
		approve  = "approve: When Expressions evaluated to false"
		push     = "push: When Expressions evaluated to false"
		missing  = "push: Results were missing"
		deploy   = "deploy: Parent Tasks were skipped"
		announce = "announce: Parent Tasks were skipped"
	)
	for _, c := range []struct {
		name, push, deploy string
		ran                string
		skipped            []string
	}{
		{"only after it", "runAfter: [approve]", after, "announce beside deploy push", []string{approve}},
		{"takes its result", takes, after, "beside", []string{announce, approve, deploy, missing}},
		{"takes its result, and a when behind", takes, after + ", " + when, "announce beside", []string{approve, "deploy: When Expressions evaluated to false", missing}},
		{"the same when", "runAfter: [approve], " + when, after, "announce beside deploy", []string{approve, push}},
		{"the same when and its result", takes + ", " + when, after, "announce beside deploy", []string{approve, push}},
		{"a when that wants its result", "when: [{input: $(tasks.approve.results.out), operator: in, values: [b]}]", after, "announce beside deploy", []string{approve, push}},
		{"a when that wants another", "when: [{input: $(tasks.approve.results.out), operator: notin, values: [b]}]", after, "beside", []string{announce, approve, deploy, missing}},
		{"behind both", "runAfter: [approve], " + when, "runAfter: [approve, push]", "announce beside deploy", []string{approve, push}},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := read(t, strings.NewReplacer("WHEN", when, "PUSH", c.push, "DEPLOY", c.deploy).Replace(`
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: work}
spec:
  params: [{name: in, type: array, default: []}]
  results: [{name: out}]
  steps: [{name: work, image: "registry.local/tool:1", script: "true"}]
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: release}
spec:
  tasks:
    - {name: approve, taskRef: {name: work}, WHEN}
    - {name: push, taskRef: {name: work}, PUSH}
    - {name: deploy, taskRef: {name: work}, DEPLOY}
    - {name: announce, taskRef: {name: work}, runAfter: [deploy]}
    - {name: beside, taskRef: {name: work}}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: release}
spec: {pipelineRef: {name: release}}
`))
			over := run.Drain()
			assert.Equal(t, string(pipelinev1.PipelineRunReasonCompleted), reason(over))
			assert.Equal(t, c.skipped, skipped(over))
			assert.Equal(t, c.ran, strings.Join(run.Ran(), " "))
		})
	}
}

// TestDefaultScope shows that the default of a param and the value that a run gives
// may use variables of workspaces and contexts: params are replaced before these. In a
// Pipeline, they are replaced where the param is used.
func TestDefaultScope(t *testing.T) {
	const task = `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params:
    - {name: default, default: $(workspaces.source.path)/default.yaml}
    - {name: given}
    - {name: namespace, default: $(context.taskRun.namespace)}
    - {name: name}
  workspaces: [{name: source}]
  steps: [{name: s, image: "registry.local/tool:1", command: [show], args: [$(params.default), $(params.given), $(params.namespace), $(params.name)]}]
---
`
	t.Run("TaskRun", func(t *testing.T) {
		run := read(t, task+`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: r}
spec:
  params: [{name: given, value: $(workspaces.source.path)/given.yaml}, {name: name, value: $(context.taskRun.name)}]
  taskRef: {name: t}
  workspaces: [{name: source, emptyDir: {}}]
`)
		_, args := given(t, harness.Get(t), run.Running("r")[0])
		assert.Equal(t, []string{"/workspace/source/default.yaml", "/workspace/source/given.yaml", run.Namespace(), "r"}, args)
	})
	t.Run("PipelineRun", func(t *testing.T) {
		run := read(t, task+`
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  params: [{name: default, default: $(context.pipelineRun.name)-$(workspaces.source.bound)}, {name: given}]
  workspaces: [{name: source}]
  tasks:
    - {name: a, taskRef: {name: t}, workspaces: [{name: source}], params: [{name: given, value: $(params.default)}, {name: name, value: $(params.given)}]}
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
  params: [{name: given, value: $(context.pipeline.name)}]
  pipelineRef: {name: p}
  workspaces: [{name: source, emptyDir: {}}]
`)
		_, args := given(t, harness.Get(t), run.Running("a")[0])
		assert.Equal(t, []string{"/workspace/source/default.yaml", "r-true", run.Namespace(), "p"}, args)
	})
}

// TestUndeclared shows that a param which an inline spec does not declare reaches
// its volumes, step template and sidecars.
func TestUndeclared(t *testing.T) {
	run := read(t, `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
  pipelineSpec:
    tasks:
      - name: a
        params: [{name: x, value: trusted-ca}]
        taskSpec:
          volumes: [{name: ca, configMap: {name: $(params.x)}}]
          stepTemplate: {env: [{name: TEMPLATE, value: $(params.x)}]}
          sidecars: [{name: side, image: "registry.local/side:1", command: [serve], env: [{name: SIDECAR, value: $(params.x)}]}]
          steps: [{name: s, image: "registry.local/tool:1", script: ls /ca, volumeMounts: [{name: ca, mountPath: /ca}]}]
`)
	c := harness.Get(t)
	held := run.Running("a")[0]
	env, _ := given(t, c, held)
	assert.Equal(t, []string{"trusted-ca", "trusted-ca"}, []string{env["TEMPLATE"], env["SIDECAR"]})
	pod, err := c.Core.CoreV1().Pods(held.Run.Namespace).Get(t.Context(), held.Run.Status.PodName, metav1.GetOptions{})
	require.NoError(t, err)
	maps := []string{}
	for _, v := range pod.Spec.Volumes {
		if v.ConfigMap != nil {
			maps = append(maps, v.ConfigMap.Name)
		}
	}
	assert.Equal(t, []string{"trusted-ca"}, maps)
}

// TestWholeArray shows that an array param without [*] is the whole array in the
// params of a matrix and of a step that uses a StepAction.
func TestWholeArray(t *testing.T) {
	run := read(t, `
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: act}
spec:
  params: [{name: patterns, type: array}, {name: platform}]
  image: registry.local/tool:1
  command: [act]
  args: [$(params.platform), '$(params.patterns[*])']
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  params: [{name: platform}, {name: patterns, type: array, default: [a, b]}]
  steps: [{name: s, ref: {name: act}, params: [{name: patterns, value: $(params.patterns)}, {name: platform, value: $(params.platform)}]}]
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  params: [{name: platforms, type: array, default: [linux/amd64, linux/arm64]}]
  tasks: [{name: build, taskRef: {name: t}, matrix: {params: [{name: platform, value: $(params.platforms)}]}}]
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec: {pipelineRef: {name: p}}
`)
	var all [][]string
	for _, h := range run.Running("build", "build") {
		_, args := given(t, harness.Get(t), h)
		all = append(all, args)
	}
	assert.Equal(t, [][]string{{"linux/amd64", "a", "b"}, {"linux/arm64", "a", "b"}}, all)
}
