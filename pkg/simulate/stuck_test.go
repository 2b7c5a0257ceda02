package simulate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/simulate"
)

// TestWhenWithoutValue: Tekton compares the text of a variable that it could not replace.
func TestWhenWithoutValue(t *testing.T) {
	r := run(t, pipelineOf(t, `
tasks:
  - {name: a, taskRef: {name: work}}
  - {name: b, taskRef: {name: work}, params: [{name: in, value: $(tasks.a.results.text)}]}
  - {name: c, taskRef: {name: work}, runAfter: [b]}
finally:
  - {name: f, taskRef: {name: work}, when: [{input: $(tasks.status), operator: in, values: [Failed]}]}
`), simulate.Script{Tasks: outcomes{"a": {{Without: []string{"text"}}}}})
	assert.Equal(t, "PipelineValidationFailed", r.Condition.Reason)
	assert.Equal(t, simulate.StateSkipped, r.Task("f").State)
	assert.Equal(t, "$(tasks.status) has no value: Tekton compared the text of the variable", r.Task("f").Message)
}

// TestStuck shows when Tekton starts nothing more because of a result that was not written. It
// looks for tasks to start, finds the one that reads the result, and starts none. The others are
// still to come then, so those of finally are not started. At its next look it has forgotten.
func TestStuck(t *testing.T) {
	const (
		a       = "{name: a, taskRef: {name: work}}"
		ignored = "{name: a, onError: continue, taskRef: {name: work}}"
		reads   = "{name: b, taskRef: {name: work}, params: [{name: in, value: $(tasks.a.results.text)}]}"
		when    = "{name: b, taskRef: {name: work}, when: [{input: $(tasks.a.results.text), operator: in, values: [x]}]}"
		skipped = "{name: b, onError: continue, taskRef: {name: work}, params: [{name: in, value: $(tasks.a.results.text)}]}"
		beside  = "{name: c, taskRef: {name: work}, runAfter: [a]}"
		long    = "{name: long, taskRef: {name: work}}"
		behind  = "{name: d, taskRef: {name: work}, runAfter: [b]}"
		behind2 = "{name: d, taskRef: {name: work}, params: [{name: in, value: $(tasks.b.results.text)}]}"
		finally = "finally:\n  - {name: f, taskRef: {name: work}}"
	)
	for _, c := range []struct {
		name, tasks, rest string
		stuck             bool
		reason            string
	}{
		{"without finally", a + reads + beside + behind, "", false, "PipelineValidationFailed"},
		{"nothing else", a + reads, finally, false, "PipelineValidationFailed"},
		{"another is ready", a + reads + beside, finally, true, "PipelineRunTimeout"},
		{"another that is before it is ready", a + beside + reads, finally, false, "PipelineValidationFailed"},
		{"another is behind", a + reads + behind, finally, true, "PipelineRunTimeout"},
		{"another reads its result", a + reads + behind2, finally, true, "PipelineRunTimeout"},
		{"another has run", a + reads + long, finally, false, "PipelineValidationFailed"},
		{"when expressions", a + when + behind, finally, false, "Completed"},
		{"the reader may fail", a + skipped + behind, finally, false, "Completed"},
		{"a failure is ignored", ignored + reads + behind, finally, true, "PipelineRunTimeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := simulate.Outcome{Without: []string{"text"}}
			if strings.HasPrefix(c.tasks, ignored) {
				out = simulate.Outcome{Status: simulate.Fail}
			}
			tasks := "tasks:\n  - " + strings.ReplaceAll(c.tasks, "}{name: ", "}\n  - {name: ")
			r := run(t, pipelineOf(t, tasks+"\n"+c.rest), simulate.Script{Tasks: outcomes{"a": {out}}})
			assert.Equal(t, c.reason, r.Condition.Reason, "%v", story(r))
			assert.Equal(t, c.stuck, len(r.Notes) > 0 && r.Notes[0].Code == simulate.NoteStuck, "%v", r.Notes)
			assert.Equal(t, c.stuck, r.Duration >= simulate.Duration(time.Hour), r.Duration.String())
		})
	}
}

// TestStuckNote: the note says since when, why, and what to do.
func TestStuckNote(t *testing.T) {
	missing := simulate.Script{Tasks: outcomes{"a": {{Without: []string{"text"}}}}}
	r := run(t, pipelineOf(t, diamond), missing)
	require.NotEmpty(t, r.Notes)
	assert.Equal(t, simulate.Note{Code: simulate.NoteStuck, Task: "b", Message: `nothing runs from 10s until 1h0m0s. ` +
		`Task "b" reads result "text" of task "a", which did not write it. ` +
		`Tekton does not start c, d, tell then, and does not end the run either. ` +
		`Write the result in any case, also if it is empty, or set onError: continue for task "b", which is then skipped`}, r.Notes[0])

	// A timeout of the tasks ends it, and the tasks of finally run.
	missing.Timeouts = &simulate.Timeouts{Tasks: simulate.Duration(5 * time.Minute)}
	r = run(t, pipelineOf(t, diamond), missing)
	assert.Contains(t, r.Notes[0].Message, "nothing runs from 10s until 5m0s.", "%v", story(r))
	// So does somebody who cancels it.
	missing.Timeouts, missing.Cancel = nil, &simulate.Cancel{After: simulate.Duration(time.Minute)}
	r = run(t, pipelineOf(t, diamond), missing)
	assert.Contains(t, r.Notes[0].Message, "nothing runs from 10s until 1m0s.", "%v", story(r))
	// Without a timeout it does not end.
	missing.Cancel = nil
	r = run(t, pipelineOf(t, diamond, "  timeouts: {pipeline: 0s}"), missing)
	assert.Contains(t, r.Notes[0].Message, "nothing runs from 10s until somebody cancels the run, as it has no timeout.")
	assert.Equal(t, simulate.NoteEndless, r.Notes[1].Code)
}
