package simulate_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/simulate"
)

const conditions = `
params: [{name: branch, default: main}]
tasks:
  - {name: changes, taskRef: {name: work}}
  - name: is-main
    taskRef: {name: work}
    when: [{input: $(params.branch), operator: in, values: [main, release]}]
  - name: not-main
    taskRef: {name: work}
    when: [{input: $(params.branch), operator: notin, values: [main]}]
  - {name: behind, taskRef: {name: work}, runAfter: [not-main]}
  - {name: takes, taskRef: {name: work}, params: [{name: in, value: $(tasks.not-main.results.text)}]}
  - {name: takes-that, taskRef: {name: work}, params: [{name: in, value: $(tasks.takes.results.text)}]}
  - name: docs
    taskRef: {name: work}
    when: [{input: $(tasks.changes.results.text), operator: in, values: [docs]}]
  - name: code
    taskRef: {name: work}
    when: [{input: $(tasks.changes.results.text), operator: notin, values: [docs]}]
  - name: cel
    taskRef: {name: work}
    when: [{cel: "'$(tasks.changes.results.text)'.startsWith('doc')"}]
finally:
  - name: alarm
    taskRef: {name: work}
    when: [{input: $(tasks.status), operator: in, values: [Failed]}]
  - {name: uses, taskRef: {name: work}, params: [{name: in, value: $(tasks.not-main.results.text)}]}
`

func TestWhen(t *testing.T) {
	set := pipelineOf(t, conditions)
	r := run(t, set, simulate.Script{Tasks: outcomes{"changes": {{Results: map[string]any{"text": "docs"}}}}})
	assert.Equal(t, []string{"changes", "is-main", "behind", "docs", "cel"}, r.Ran())
	reasons := map[string]string{}
	for _, name := range r.Skipped() {
		reasons[name] = r.Task(name).Reason
	}
	assert.Equal(t, map[string]string{
		"not-main":   "When Expressions evaluated to false",
		"takes":      "Results were missing",
		"takes-that": "Parent Tasks were skipped",
		"code":       "When Expressions evaluated to false",
		"alarm":      "When Expressions evaluated to false",
		"uses":       "Results were missing",
	}, reasons)
	assert.Equal(t, `it reads result "text" of task "not-main", which did not run`, r.Task("takes").Message)
	assert.Equal(t, `it runs after "takes"`, r.Task("takes-that").Message)
	assert.Equal(t, r.Task("takes").Message, r.Task("uses").Message)
	assert.Equal(t, "True Completed", last(story(r)))
	assert.Equal(t, []simulate.When{{Input: "docs", Operator: "notin", Values: []string{"docs"}, Variables: []string{"$(tasks.changes.results.text)"}}}, r.Task("code").When)
	assert.Equal(t, []simulate.When{{Input: "docs", Operator: "in", Values: []string{"docs"}, Variables: []string{"$(tasks.changes.results.text)"}, True: true}}, r.Task("docs").When)
	assert.Equal(t, []simulate.When{{CEL: "'docs'.startsWith('doc')", Variables: []string{"$(tasks.changes.results.text)"}, True: true}}, r.Task("cel").When)
	assert.Empty(t, r.Notes)

	r = run(t, set, simulate.Script{Params: map[string]any{"branch": "other"}, Tasks: outcomes{"changes": fail()}})
	assert.Contains(t, r.Ran(), "alarm")
	assert.Contains(t, r.Ran(), "not-main")
}

func TestUnknownDecision(t *testing.T) {
	r := run(t, pipelineOf(t, conditions), simulate.Script{})
	assert.Equal(t, []simulate.When{{Input: "<tasks.changes.results.text>", Operator: "in", Values: []string{"docs"}, Variables: []string{"$(tasks.changes.results.text)"}, Open: true}}, r.Task("docs").When)
	var open []string
	for _, n := range r.Notes {
		require.Equal(t, simulate.NoteOpen, n.Code)
		open = append(open, n.Task)
	}
	assert.ElementsMatch(t, []string{"docs", "code", "cel"}, open)
}

func TestAll(t *testing.T) {
	ways, err := simulate.All(pipelineOf(t, conditions), "", simulate.Script{Profile: alpha}, 0)
	require.NoError(t, err)
	assert.False(t, ways.Limited)
	assert.Empty(t, ways.Notes)
	var got [][]string
	for _, w := range ways.Ways {
		var ran []string
		for _, name := range []string{"docs", "code", "cel"} {
			if len(w.Result.Task(name).Runs) > 0 {
				ran = append(ran, name)
			}
		}
		got = append(got, ran)
	}
	// Not docs without cel: both are about the same result.
	assert.Equal(t, [][]string{{"code"}, {"docs", "cel"}, {"code", "cel"}}, got)
	assert.Equal(t, []simulate.Value{{Name: "tasks.changes.results.text", Value: "docs"}}, ways.Ways[1].Assumed)
	assert.Equal(t, []simulate.Value{{Name: "tasks.changes.results.text", Value: "doc"}}, ways.Ways[2].Assumed)

	ways, err = simulate.All(pipelineOf(t, conditions), "", simulate.Script{Profile: alpha}, 2)
	require.NoError(t, err)
	assert.True(t, ways.Limited)
	assert.Equal(t, 2, ways.Runs)
}

func TestAllOfPattern(t *testing.T) {
	set := pipelineOf(t, `
tasks:
  - {name: v, taskRef: {name: work}}
  - {name: major, taskRef: {name: work}, when: [{cel: "'$(tasks.v.results.text)'.matches('^v[0-9]+\\\\.0\\\\.0$')"}]}
  - {name: tagged, taskRef: {name: work}, when: [{input: "tag-$(tasks.v.results.text)", operator: in, values: [tag-v1]}]}
`)
	ways, err := simulate.All(set, "", simulate.Script{Profile: alpha}, 0)
	require.NoError(t, err)
	var got [][]string
	for _, w := range ways.Ways {
		got = append(got, w.Result.Ran()[1:])
	}
	assert.ElementsMatch(t, [][]string{{}, {"major"}, {"tagged"}}, got)
	assert.Empty(t, ways.Notes)
}

func TestMatrix(t *testing.T) {
	set := pipelineOf(t, `
tasks:
  - {name: find, taskRef: {name: work}}
  - name: test
    taskRef: {name: two}
    matrix:
      params: [{name: a, value: [x, w]}, {name: b, value: [p, q]}]
      include:
        - {name: more, params: [{name: a, value: x}, {name: c, value: extra}]}
        - {name: other, params: [{name: a, value: z}]}
  - name: each
    taskRef: {name: two}
    matrix: {params: [{name: a, value: ["$(tasks.find.results.list[*])"]}]}
  - {name: join, taskRef: {name: lists}, params: [{name: in, value: ["$(tasks.each.results.out[*])"]}]}
`)
	set.Add(read(t, `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: two}
spec:
  params: [{name: a}, {name: b, default: ""}, {name: c, default: ""}]
  results: [{name: out}]
  steps: [{name: s, image: registry.local/tool, command: [x]}]
---
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: lists}
spec:
  params: [{name: in, type: array}]
  steps: [{name: s, image: registry.local/tool, command: [x]}]
`))
	r := run(t, set, simulate.Script{Tasks: outcomes{
		"find": {{Results: map[string]any{"list": []string{"1", "2", "3"}}}},
		"test": {{Status: simulate.Fail, Combination: 5, Duration: simulate.Duration(time.Minute)}},
		"each": {{Params: map[string]string{"a": "2"}, Results: map[string]any{"out": "two"}}},
	}})
	test := r.Task("test")
	require.Len(t, test.Runs, 5, r.Condition.Message)
	assert.Equal(t, simulate.StateFailed, test.State)
	var got []string
	for _, run := range test.Runs {
		text := ""
		for _, p := range run.Params {
			text += p.Value.(string) + " "
		}
		got = append(got, text)
	}
	assert.Equal(t, []string{"x p extra ", "w p ", "x q extra ", "w q ", "z "}, got)
	assert.Len(t, r.Task("each").Runs, 3)
	assert.Equal(t, []string{"<tasks.each[1].results.out>", "two", "<tasks.each[3].results.out>"}, r.Task("join").Param("in"))

	// The array is not known: one item, or none.
	r = run(t, set, simulate.Script{})
	require.Len(t, r.Task("each").Runs, 1)
	assert.Equal(t, "<tasks.find.results.list[0]>", r.Task("each").Param("a"))
	assert.Contains(t, r.Notes, simulate.Note{Code: simulate.NoteLength, Task: "each", Message: "the matrix has an array of unknown length, <tasks.find.results.list[0]>: one item is assumed"})
	ways, err := simulate.All(set, "", simulate.Script{Profile: alpha}, 0)
	require.NoError(t, err)
	require.Len(t, ways.Ways, 2)
	assert.Equal(t, "Matrix Parameters have an empty array", ways.Ways[1].Result.Task("each").Reason)
}

// TestAllWithFailures: each task that may fail does so, one at a time, and those that only run
// because of a failure can fail as well.
func TestAllWithFailures(t *testing.T) {
	set := pipelineOf(t, `
tasks:
  - {name: build, taskRef: {name: work}}
  - {name: lint, onError: continue, taskRef: {name: work}}
  - name: deploy
    taskRef: {name: work}
    runAfter: [build]
    when: [{input: $(tasks.build.results.text), operator: in, values: [app]}]
finally:
  - {name: rollback, taskRef: {name: work}, when: [{input: $(tasks.status), operator: in, values: [Failed]}]}
`)
	waysOf := func(script simulate.Script) (got [][]string, all *simulate.Ways) {
		script.Profile = alpha
		all, err := simulate.All(set, "", script, 0)
		require.NoError(t, err)
		for _, w := range all.Ways {
			var values []string
			for _, v := range w.Assumed {
				values = append(values, v.Name+"="+v.Value.(string))
			}
			got = append(got, append(values, w.Result.Condition.Reason))
		}
		return got, all
	}
	got, all := waysOf(simulate.Script{MayFail: []string{"*"}})
	assert.ElementsMatch(t, [][]string{
		{"Completed"},
		{"tasks.build.results.text=app", "Completed"},
		{"tasks.build.status=Failed", "Failed"},
		{"tasks.lint.status=Failed", "Completed"},
		{"tasks.lint.status=Failed", "tasks.rollback.status=Failed", "Failed"},
		// A failure that is ignored makes $(tasks.status) Failed, so that rollback runs.
		{"tasks.build.results.text=app", "tasks.lint.status=Failed", "Succeeded"},
		{"tasks.build.results.text=app", "tasks.lint.status=Failed", "tasks.rollback.status=Failed", "Failed"},
		{"tasks.build.results.text=app", "tasks.deploy.status=Failed", "Failed"},
		{"tasks.build.status=Failed", "tasks.rollback.status=Failed", "Failed"},
		{"tasks.build.results.text=app", "tasks.deploy.status=Failed", "tasks.rollback.status=Failed", "Failed"},
	}, got)
	assert.False(t, all.Limited)
	assert.Equal(t, []simulate.Note{{Code: simulate.NoteFailures, Message: "in each way, at most one task fails, and tasks that only run because of that"}}, all.Notes)

	got, _ = waysOf(simulate.Script{MayFail: []string{"lint"}})
	assert.Len(t, got, 4)
	// What the script says is not assumed to be otherwise.
	got, _ = waysOf(simulate.Script{MayFail: []string{"*"}, Tasks: outcomes{"build": fail(), "lint": {{Status: simulate.Succeed}}}})
	assert.Equal(t, [][]string{{"Failed"}, {"tasks.rollback.status=Failed", "Failed"}}, got)
	r := run(t, set, simulate.Script{MayFail: []string{"*"}})
	assert.Empty(t, r.Failed(), "Run lets them succeed")

	_, err := simulate.All(set, "", simulate.Script{MayFail: []string{"lnt"}}, 0)
	require.ErrorContains(t, err, `Did you mean "lint"?`)
	_, err = simulate.All(pipelineOf(t, nested), "", simulate.Script{Profile: alpha, MayFail: []string{"outer"}}, 0)
	require.ErrorContains(t, err, `task "outer" runs a Pipeline: name the tasks inside that may fail, such as "outer/build"`)
	ways, err := simulate.All(pipelineOf(t, nested), "", simulate.Script{Profile: alpha, MayFail: []string{"outer/build"}}, 0)
	require.NoError(t, err)
	assert.Equal(t, []simulate.Value{{Name: "tasks.outer/build.status", Value: "Failed"}}, ways.Ways[1].Assumed)
}

// The status of the run has the when expressions of finally tasks without the values of their
// variables, once Tekton has reconciled it again.
func TestWhenOfFinally(t *testing.T) {
	r := run(t, pipelineOf(t, `
tasks:
  - {name: build, taskRef: {name: work}}
  - {name: publish, taskRef: {name: work}, runAfter: [build], when: [{input: $(tasks.build.results.text), operator: in, values: [x]}]}
finally:
  - {name: alert, taskRef: {name: work}, when: [{input: $(tasks.build.status), operator: in, values: [Failed]}]}
  - {name: whole, taskRef: {name: work}, when: [{cel: "'$(tasks.status)' == 'Failed'"}]}
  - {name: fine, taskRef: {name: work}, when: [{input: $(tasks.status), operator: notin, values: [Failed]}]}
  - {name: missing, taskRef: {name: work}, when: [{input: $(tasks.build.results.text), operator: in, values: [x]}]}
`), simulate.Script{Tasks: outcomes{"build": fail()}})
	assert.Equal(t, []string{"build", "alert", "whole"}, r.Ran())
	assert.Equal(t, []simulate.When{{Input: "Failed", Operator: "in", Values: []string{"Failed"}, Variables: []string{"$(tasks.build.status)"}, True: true}}, r.Task("alert").When)
	assert.Equal(t, []simulate.When{{CEL: "'Failed' == 'Failed'", Variables: []string{"$(tasks.status)"}, True: true}}, r.Task("whole").When)
	assert.Equal(t, []simulate.When{{Input: "Failed", Operator: "notin", Values: []string{"Failed"}, Variables: []string{"$(tasks.status)"}}}, r.Task("fine").When)
	for name, reason := range map[string]string{"publish": "PipelineRun was stopping", "missing": "Results were missing"} {
		assert.Equal(t, reason, r.Task(name).Reason)
		require.Len(t, r.Task(name).When, 1, name)
		w := r.Task(name).When[0]
		assert.True(t, w.NotEvaluated, name)
		text, err := json.Marshal(w)
		require.NoError(t, err)
		assert.JSONEq(t, `{"input": "$(tasks.build.results.text)", "operator": "in", "values": ["x"], "notEvaluated": true}`, string(text))
	}
	text, err := json.Marshal(r.Task("fine").When[0])
	require.NoError(t, err)
	assert.Contains(t, string(text), `"true":false`)
}
