package simulate_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/simulate"
)

const nested = `
tasks:
  - name: outer
    params: [{name: what, value: app}]
    pipelineSpec:
      params: [{name: what, type: string}]
      tasks:
        - {name: build, taskRef: {name: work}, params: [{name: in, value: $(params.what)}]}
        - {name: deploy, taskRef: {name: work}, runAfter: [build]}
      results: [{name: url, value: $(tasks.deploy.results.text)}]
  - {name: after, taskRef: {name: work}, runAfter: [outer]}
`

func TestNested(t *testing.T) {
	r := run(t, pipelineOf(t, nested), simulate.Script{Tasks: outcomes{"outer/deploy": {{Results: map[string]any{"text": "https://app"}}}}})
	assert.Equal(t, []string{"outer succeeded 0s-20s Succeeded", "after succeeded 20s-30s Succeeded", "True Succeeded"}, story(r))
	outer := r.Task("outer")
	assert.Equal(t, simulate.TypePipeline, outer.Type)
	require.NotNil(t, outer.Runs[0].Nested)
	assert.Equal(t, []string{"build", "deploy"}, outer.Runs[0].Nested.Ran())
	assert.Equal(t, "app", r.Task("outer/build").Param("in"))
	assert.Equal(t, "https://app", outer.Result("url"))

	r = run(t, pipelineOf(t, nested), simulate.Script{Tasks: outcomes{"outer/build": fail()}})
	assert.Equal(t, []string{"outer failed 0s-10s Failed", "after skipped: PipelineRun was stopping", "False Failed"}, story(r))
}

func TestCustom(t *testing.T) {
	set := pipelineOf(t, `
tasks:
  - name: approve
    retries: 1
    taskRef: {apiVersion: approvals.example.com/v1, kind: Approval, name: x}
    params: [{name: who, value: me}]
  - {name: deploy, taskRef: {name: work}, params: [{name: in, value: $(tasks.approve.results.by)}]}
`)
	r := run(t, set, simulate.Script{Tasks: outcomes{"approve": {{Status: simulate.Fail, Attempt: 1}, {Results: map[string]any{"by": "you"}}}}})
	assert.Equal(t, []string{"approve succeeded 0s-20s Succeeded", "deploy succeeded 20s-30s Succeeded", "True Succeeded"}, story(r))
	assert.Equal(t, simulate.TypeCustom, r.Task("approve").Type)
	assert.Len(t, r.Task("approve").Runs[0].Attempts, 2)
	assert.Equal(t, "me", r.Task("approve").Param("who"))
	assert.Equal(t, "you", r.Task("deploy").Param("in"))
	r = run(t, set, simulate.Script{Tasks: outcomes{"approve": {{Status: simulate.TimeOut}}}})
	assert.Equal(t, "False PipelineRunTimeout", last(story(r)))
}

func TestMissingResult(t *testing.T) {
	r := run(t, pipelineOf(t, diamond), simulate.Script{Tasks: outcomes{"a": {{Without: []string{"text"}}}}})
	// b fails its validation, and c does not start any more. Tekton does not see this when it
	// looks for the tasks of finally, and waits for the timeout. So does a live Tekton v1.15.1.
	assert.Equal(t, []string{
		"a succeeded 0s-10s Succeeded", "b skipped: PipelineRun timeout has been reached",
		"c skipped: PipelineRun timeout has been reached", "d skipped: Parent Tasks were skipped",
		"tell skipped: PipelineRun timeout has been reached", "False PipelineRunTimeout",
	}, story(r), r.Condition.Message)
	set := pipelineOf(t, `
tasks:
  - {name: a, taskRef: {name: work}}
  - {name: b, taskRef: {name: work}, params: [{name: in, value: $(tasks.a.results.text)}]}
`)
	r = run(t, set, simulate.Script{Tasks: outcomes{"a": {{Without: []string{"text"}}}}})
	assert.Equal(t, []string{"a succeeded 0s-10s Succeeded", "b not-started", "False PipelineValidationFailed"}, story(r))
	assert.Contains(t, r.Condition.Message, "text")
	// A result of another type is refused by Tekton.
	r = run(t, pipelineOf(t, diamond), simulate.Script{Tasks: outcomes{"a": {{Results: map[string]any{"list": "text"}}}}})
	assert.False(t, r.Succeeded())
	assert.Contains(t, r.Task("a").Message+r.Condition.Message, "a")
}

func TestAssumed(t *testing.T) {
	set := read(t, `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: r-}
spec:
  pipelineSpec:
    tasks:
      - name: clone
        taskRef: {resolver: git, params: [{name: url, value: https://git.example.com/x}]}
        params: [{name: url, value: u}, {name: list, value: [a, b]}]
      - name: build
        taskRef: {name: not-there}
        params: [{name: commit, value: $(tasks.clone.results.commit)}, {name: all, value: ["$(tasks.clone.results.files[*])"]}]
      - {name: last, runAfter: [build], taskRef: {name: not-there}, params: [{name: second, value: "$(tasks.clone.results.pair[1])"}]}
    results: [{name: digest, value: $(tasks.build.results.image.digest)}]
`)
	r := run(t, set, simulate.Script{})
	assert.Equal(t, []string{"clone", "build", "last"}, r.Ran(), r.Condition.Message)
	assert.True(t, r.Task("clone").Assumed)
	assert.Equal(t, "<tasks.build.results.image.digest>", r.Result("digest"))
	assert.Equal(t, "<tasks.clone.results.pair[1]>", r.Task("last").Param("second"))
	assert.Equal(t, []string{"<tasks.clone.results.files[0]>"}, r.Task("build").Param("all"))
	assert.Len(t, r.Notes, 3)
	assert.Equal(t, "r-xxxxx", r.Name)
}

func TestPipelineAlone(t *testing.T) {
	set := read(t, work+`
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  params: [{name: branch}, {name: mode, default: fast}]
  workspaces: [{name: source}, {name: cache, optional: true}]
  tasks:
    - {name: a, taskRef: {name: work}, params: [{name: in, value: "$(params.branch) $(params.mode) $(workspaces.cache.bound)"}]}
    - {name: b, taskRef: {name: work}, when: [{input: $(params.branch), operator: in, values: [main]}]}
`)
	script := simulate.Script{Params: map[string]any{"branch": "main"}, Workspaces: []string{"cache"}}
	r, err := simulate.Run(set, "p", script)
	require.NoError(t, err)
	assert.Equal(t, "main fast true", r.Task("a").Param("in"))
	assert.Equal(t, []string{"a", "b"}, r.Ran())
	ways, err := simulate.All(set, "Pipeline/p", simulate.Script{}, 0)
	require.NoError(t, err)
	require.Len(t, ways.Ways, 2)
	assert.Equal(t, []simulate.Value{{Name: "params.branch", Value: "main"}}, ways.Ways[1].Assumed)
	r, err = simulate.Run(set, "Task/work", simulate.Script{})
	require.NoError(t, err)
	assert.Equal(t, "TaskRun", r.Kind)
	assert.True(t, r.Succeeded())
}

func TestErrors(t *testing.T) {
	set := pipelineOf(t, diamond)
	second := simulate.Duration(time.Second)
	for _, c := range []struct {
		name   string
		run    string
		script simulate.Script
		want   string
	}{
		{"run", "q", simulate.Script{}, `simulate: there is no run "q", only PipelineRun/r, Task/work`},
		{"near", "work2", simulate.Script{}, `simulate: there is no run "work2". Did you mean "Task/work"?`},
		{"task", "r", simulate.Script{Tasks: outcomes{"tel": nil}}, `simulate: there is no task "tel". Did you mean "tell"?`},
		{"result", "r", simulate.Script{Tasks: outcomes{"a": {{Results: map[string]any{"txt": "x"}}}}}, `Did you mean "text"?`},
		{"step", "r", simulate.Script{Tasks: outcomes{"a": {{Status: simulate.Fail, Step: "worc"}}}}, `Did you mean "work"?`},
		{"status", "r", simulate.Script{Tasks: outcomes{"a": {{Status: "fial"}}}}, `Did you mean "fail"?`},
		{"value", "r", simulate.Script{Tasks: outcomes{"a": {{Results: map[string]any{"text": struct{}{}}}}}}, `a value must be a string`},
		{"cancel", "r", simulate.Script{Cancel: &simulate.Cancel{After: second, Mode: "StoppedRunFinaly"}}, `Did you mean "StoppedRunFinally"?`},
		{"param", "r", simulate.Script{Params: map[string]any{"brnch": "x"}}, `simulate: there is no param "brnch"`},
		{"flag", "r", simulate.Script{Profile: &check.Profile{APIFields: "gamma"}}, `not a configuration of Tekton`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := simulate.Run(set, c.run, c.script)
			assert.ErrorContains(t, err, c.want)
		})
	}
	var refused *simulate.RefusedError
	_, err := simulate.Run(pipelineOf(t, "tasks:\n  - {name: a, runAfter: [b], taskRef: {name: work}}\n  - {name: b, runAfter: [a], taskRef: {name: work}}"), "", simulate.Script{})
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "PipelineRun/r", refused.Object)
	assert.Contains(t, err.Error(), "cycle detected")
	// What a cluster admits, and then fails.
	r := run(t, read(t, "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nspec: {pipelineRef: {name: gone}}"), simulate.Script{})
	assert.Equal(t, "False CouldntGetPipeline", last(story(r)))
	assert.Empty(t, r.Tasks)
	assert.NotErrorIs(t, err, errors.ErrUnsupported)
}

// TestStepActions shows that a Task with StepActions runs, whether they are in the set or not.
func TestStepActions(t *testing.T) {
	set := read(t, `
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: mine}
spec: {image: registry.local/tool, params: [{name: a}], results: [{name: r}]}
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: r}
spec:
  taskSpec:
    results: [{name: out, value: $(steps.one.results.r)}]
    steps:
      - {name: one, ref: {name: mine}, params: [{name: a, value: x}]}
      - {name: two, ref: {name: gone}}
      - {name: three, ref: {resolver: git, params: [{name: url, value: u}]}}
`)
	r := run(t, set, simulate.Script{})
	assert.True(t, r.Succeeded(), r.Condition.Message)
	assert.Equal(t, "<tasks.r.results.out>", r.Task("r").Result("out"))
	assert.Len(t, r.Notes, 2)
}
