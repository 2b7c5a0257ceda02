package simulate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/simulate"
)

const diamond = `
tasks:
  - {name: a, taskRef: {name: work}}
  - {name: b, taskRef: {name: work}, params: [{name: in, value: "$(tasks.a.results.text)!"}]}
  - {name: c, taskRef: {name: work}, runAfter: [a]}
  - {name: d, taskRef: {name: work}, runAfter: [b, c], params: [{name: in, value: "$(tasks.a.results.object.url)"}]}
finally:
  - {name: tell, taskRef: {name: work}, params: [{name: in, value: "$(tasks.b.status) $(tasks.status)"}]}
results:
  - {name: out, value: "$(tasks.d.results.text)"}
  - {name: all, value: "$(tasks.d.results.list[*])"}
`

func TestOrder(t *testing.T) {
	r := run(t, pipelineOf(t, diamond), simulate.Script{Tasks: outcomes{
		"a": {{Results: map[string]any{"object": map[string]string{"url": "u", "digest": "d"}}}},
		"b": {{Duration: simulate.Duration(time.Minute)}},
		"d": {{Results: map[string]any{"text": "done", "list": []string{"x", "y"}}}},
	}})
	assert.Equal(t, []string{
		"a succeeded 0s-10s Succeeded",
		"b succeeded 10s-1m10s Succeeded",
		"c succeeded 10s-20s Succeeded",
		"d succeeded 1m10s-1m20s Succeeded",
		"tell succeeded 1m20s-1m30s Succeeded",
		"True Succeeded",
	}, story(r))
	assert.Equal(t, []string{"c"}, r.Task("b").Beside)
	assert.Empty(t, r.Task("d").Beside)
	assert.Equal(t, "<tasks.a.results.text>!", r.Task("b").Param("in"))
	assert.Equal(t, "u", r.Task("d").Param("in"))
	assert.Equal(t, "Succeeded Succeeded", r.Task("tell").Param("in"))
	assert.True(t, r.Task("tell").Finally)
	assert.Equal(t, "done", r.Result("out"))
	assert.Equal(t, []string{"x", "y"}, r.Result("all"))
	assert.Equal(t, "1m30s", r.Duration.String())
	assert.Equal(t, "Tasks Completed: 5 (Failed: 0, Cancelled 0), Skipped: 0", r.Condition.Message)
	assert.Equal(t, map[string]string{"url": "u", "digest": "d"}, r.Task("a").Result("object"))
	assert.Empty(t, r.Notes)
}

func TestFailure(t *testing.T) {
	r := run(t, pipelineOf(t, diamond), simulate.Script{Tasks: outcomes{"c": fail(simulate.Outcome{ExitCode: 3, Step: "prepare"})}})
	assert.Equal(t, []string{
		"a succeeded 0s-10s Succeeded",
		"b succeeded 10s-20s Succeeded",
		"c failed 10s-20s StepFailed",
		"tell succeeded 20s-30s Succeeded",
		"d skipped: PipelineRun was stopping",
		"False Failed",
	}, story(r))
	assert.Equal(t, `"step-prepare" exited with code 3: Error`, r.Task("c").Message)
	assert.Equal(t, "Succeeded Failed", r.Task("tell").Param("in"))
	assert.Equal(t, []string{"c"}, r.Failed())
	assert.False(t, r.Succeeded())
}

func TestContinue(t *testing.T) {
	set := pipelineOf(t, `
tasks:
  - {name: a, onError: continue, taskRef: {name: work}}
  - {name: b, runAfter: [a], taskRef: {name: work}}
  - {name: c, taskRef: {name: work}, params: [{name: in, value: "$(tasks.a.results.text)"}]}
`)
	r := run(t, set, simulate.Script{Tasks: outcomes{"a": fail()}})
	assert.Equal(t, []string{
		"a failed 0s-10s FailureIgnored",
		"b skipped: PipelineRun was stopping",
		"c not-started",
		"False PipelineValidationFailed",
	}, story(r))
	// A result that it wrote before it failed is there.
	r = run(t, set, simulate.Script{Tasks: outcomes{"a": fail(simulate.Outcome{Results: map[string]any{"text": "early"}})}})
	assert.Equal(t, "early", r.Task("c").Param("in"))
}

func TestStepOnError(t *testing.T) {
	set := read(t, `
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: r}
spec:
  taskSpec:
    steps:
      - {name: lint, image: registry.local/tool, onError: continue, script: "false"}
      - {name: build, image: registry.local/tool, script: "true"}
`)
	assert.Equal(t, "True Succeeded", last(story(run(t, set, simulate.Script{Tasks: outcomes{"r": fail(simulate.Outcome{Step: "lint"})}}))))
	assert.Equal(t, "False StepFailed", last(story(run(t, set, simulate.Script{Tasks: outcomes{"r": fail()}}))))
}

func last(lines []string) string { return lines[len(lines)-1] }

func TestRetries(t *testing.T) {
	set := pipelineOf(t, `
tasks:
  - {name: a, retries: 2, taskRef: {name: work}, params: [{name: in, value: x}]}
`)
	r := run(t, set, simulate.Script{Tasks: outcomes{"a": {{Status: simulate.Fail, Attempt: 1}, {Status: simulate.Fail, Attempt: 2, Duration: simulate.Duration(time.Second)}}}})
	assert.Equal(t, []string{"a succeeded 0s-21s Succeeded", "True Succeeded"}, story(r))
	attempts := r.Task("a").Runs[0].Attempts
	require.Len(t, attempts, 3)
	for i, want := range [][2]string{{"0s", "10s"}, {"10s", "11s"}, {"11s", "21s"}} {
		assert.Equal(t, want, [2]string{attempts[i].Start.String(), attempts[i].End.String()})
	}
	r = run(t, set, simulate.Script{Tasks: outcomes{"a": fail()}})
	assert.Equal(t, []string{"a failed 0s-30s StepFailed", "False Failed"}, story(r))
	assert.Len(t, r.Task("a").Runs[0].Attempts, 3)
}

func TestTimeouts(t *testing.T) {
	hang := []simulate.Outcome{{Status: simulate.TimeOut}}
	spec := `
tasks:
  - {name: a, taskRef: {name: work}}
  - {name: b, timeout: 2m, taskRef: {name: work}, runAfter: [a]}
  - {name: c, taskRef: {name: work}, runAfter: [b]}
finally:
  - {name: tidy, taskRef: {name: work}}
  - {name: tell, taskRef: {name: work}, params: [{name: in, value: "$(tasks.a.results.text)"}]}
`
	for _, c := range []struct {
		name, timeouts string
		hangs          []string
		want           []string
	}{
		{"task", "", []string{"b"}, []string{
			"a succeeded 0s-10s Succeeded", "b failed 10s-2m10s TaskRunTimeout",
			"tidy succeeded 2m10s-2m20s Succeeded", "tell succeeded 2m10s-2m20s Succeeded",
			"c skipped: PipelineRun was stopping", "False Failed",
		}},
		{"default", "", []string{"a"}, []string{
			"a failed 0s-1h0m0s TaskRunTimeout", "b skipped: PipelineRun was stopping", "c skipped: PipelineRun was stopping",
			"tidy skipped: PipelineRun timeout has been reached", "tell skipped: Results were missing", "False PipelineRunTimeout",
		}},
		{"pipeline", "  timeouts: {pipeline: 1m}", []string{"a"}, []string{
			"a failed 0s-1m0s TaskRunCancelled", "b not-started", "c not-started", "tidy not-started", "tell not-started", "False PipelineRunTimeout",
		}},
		{"tasks", "  timeouts: {pipeline: 1h, tasks: 1m}", []string{"a"}, []string{
			"a failed 0s-1m0s TaskRunCancelled", "tidy succeeded 1m0s-1m10s Succeeded", "b skipped: PipelineRun was stopping",
			"c skipped: PipelineRun was stopping", "tell skipped: Results were missing", "False Failed",
		}},
		{"tasks at once", "  timeouts: {pipeline: 1h, tasks: 10s}", nil, []string{
			"a succeeded 0s-10s Succeeded", "b failed 10s-10s TaskRunCancelled", "tidy succeeded 10s-20s Succeeded",
			"tell succeeded 10s-20s Succeeded", "c skipped: PipelineRun was stopping", "False PipelineRunTimeout",
		}},
		{"finally", "  timeouts: {pipeline: 1h, finally: 1m}", []string{"tidy"}, []string{
			"a succeeded 0s-10s Succeeded", "b succeeded 10s-20s Succeeded", "c succeeded 20s-30s Succeeded",
			"tidy failed 30s-1m30s TaskRunCancelled", "tell succeeded 30s-40s Succeeded", "False Failed",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := simulate.Script{Tasks: outcomes{}}
			for _, h := range c.hangs {
				script.Tasks[h] = hang
			}
			r := run(t, pipelineOf(t, spec, c.timeouts), script)
			assert.Equal(t, c.want, story(r), r.Condition.Message)
		})
	}
}

func TestEndless(t *testing.T) {
	r := run(t, pipelineOf(t, "tasks:\n  - {name: a, timeout: 0s, taskRef: {name: work}}", "  timeouts: {pipeline: 0s}"),
		simulate.Script{Tasks: outcomes{"a": {{Status: simulate.TimeOut}}}})
	assert.Equal(t, "Unknown Running", last(story(r)))
	assert.Equal(t, simulate.StateRunning, r.Task("a").State)
	assert.Equal(t, simulate.NoteEndless, r.Notes[0].Code)
}

func TestCancel(t *testing.T) {
	spec := `
tasks:
  - {name: a, taskRef: {name: work}}
  - {name: b, runAfter: [a], taskRef: {name: work}}
finally:
  - {name: tidy, taskRef: {name: work}}
`
	for mode, want := range map[string][]string{
		"":                    {"a failed 0s-5s TaskRunCancelled", "b not-started", "tidy not-started", "False Cancelled"},
		"CancelledRunFinally": {"a failed 0s-5s TaskRunCancelled", "tidy succeeded 5s-15s Succeeded", "b skipped: PipelineRun was stopping", "False Cancelled"},
		"StoppedRunFinally":   {"a succeeded 0s-10s Succeeded", "tidy succeeded 10s-20s Succeeded", "b skipped: PipelineRun was gracefully stopped", "False Cancelled"},
	} {
		t.Run(mode, func(t *testing.T) {
			r := run(t, pipelineOf(t, spec), simulate.Script{Cancel: &simulate.Cancel{After: simulate.Duration(5 * time.Second), Mode: mode}})
			assert.Equal(t, want, story(r))
		})
	}
}

// TestSkipReasons: each reason for which Tekton skips a task because a run is ended from outside
// or by a timeout. A task whose failure is ignored does not stop the run, so that the tasks
// behind it have these reasons. "PipelineRun Finally timeout has been reached" is missing:
// Tekton creates the tasks of finally at once, and skips one only if that failed before.
func TestSkipReasons(t *testing.T) {
	spec := `
tasks:
  - {name: a, onError: continue, taskRef: {name: work}}
  - {name: b, runAfter: [a], taskRef: {name: work}}
finally:
  - {name: tidy, taskRef: {name: work}}
`
	five := simulate.Duration(5 * time.Second)
	for _, c := range []struct {
		name   string
		script simulate.Script
		want   []string
	}{
		{"GracefullyCancelled", simulate.Script{Cancel: &simulate.Cancel{After: five, Mode: "CancelledRunFinally"}}, []string{
			"a failed 0s-5s TaskRunCancelled", "tidy succeeded 5s-15s Succeeded", "b skipped: PipelineRun was gracefully cancelled", "False Cancelled",
		}},
		{"GracefullyStopped", simulate.Script{Cancel: &simulate.Cancel{After: five, Mode: "StoppedRunFinally"}}, []string{
			"a succeeded 0s-10s Succeeded", "tidy succeeded 10s-20s Succeeded", "b skipped: PipelineRun was gracefully stopped", "False Cancelled",
		}},
		{"TasksTimedOut", simulate.Script{Timeouts: &simulate.Timeouts{Tasks: five}}, []string{
			"a failed 0s-5s TaskRunCancelled", "tidy succeeded 5s-15s Succeeded", "b skipped: PipelineRun Tasks timeout has been reached", "False PipelineRunTimeout",
		}},
		{"PipelineTimedOut", simulate.Script{Timeouts: &simulate.Timeouts{Pipeline: five}}, []string{
			"a failed 0s-5s TaskRunCancelled", "b not-started", "tidy not-started", "False PipelineRunTimeout",
		}},
		{"Finally", simulate.Script{Timeouts: &simulate.Timeouts{Finally: five}}, []string{
			"a succeeded 0s-10s Succeeded", "b succeeded 10s-20s Succeeded", "tidy failed 20s-25s TaskRunCancelled", "False Failed",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := run(t, pipelineOf(t, spec), c.script)
			assert.Equal(t, c.want, story(r), r.Condition.Message)
		})
	}
	_, err := simulate.Run(read(t, work), "work", simulate.Script{Timeouts: &simulate.Timeouts{Tasks: five}})
	require.ErrorContains(t, err, "only a PipelineRun has these timeouts, and TaskRun/work is none")
	_, err = simulate.Run(pipelineOf(t, spec), "", simulate.Script{Timeouts: &simulate.Timeouts{Tasks: -1}})
	require.ErrorContains(t, err, "a timeout must not be negative")
}
