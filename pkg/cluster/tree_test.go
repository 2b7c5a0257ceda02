package cluster_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/cluster"
)

// inTheMiddle returns a run with an ended, a running and a waiting task.
func inTheMiddle(t *testing.T) cluster.Status {
	t.Helper()
	start := time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC)
	later := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	run := func(a cluster.Attempt) []cluster.RunStatus {
		return []cluster.RunStatus{{Kind: cluster.KindTaskRun, Name: "x", Attempt: a}}
	}
	return cluster.Status{
		Kind: cluster.KindPipelineRun, Name: "release-1", State: cluster.StateRunning, Reason: "Running", Started: start,
		Tasks: []cluster.TaskStatus{
			{Name: "clone", State: cluster.StateSucceeded, Runs: run(cluster.Attempt{State: cluster.StateSucceeded, Started: start, Finished: later(8)})},
			{Name: "test", State: cluster.StateRunning, Runs: run(cluster.Attempt{State: cluster.StateRunning, Started: later(8), Steps: []cluster.StepStatus{
				{Name: "prepare", State: cluster.StateSucceeded, Started: later(8), Finished: later(9)},
				{Name: "run", State: cluster.StateRunning, Started: later(9)},
				{Name: "report", State: cluster.StatePending},
			}})},
			{Name: "image", State: cluster.StateWaiting, Runs: run(cluster.Attempt{State: cluster.StateWaiting, Started: later(8), Waiting: []cluster.Reason{
				{Reason: "PullImageFailed", Message: "build step \"step-x\" is pending with reason \"Back-off pulling image\"\n"},
			}})},
			{Name: "deploy", State: cluster.StatePending},
			{Name: "notify", State: cluster.StateSkipped, Reason: "When Expressions evaluated to false", When: v1.WhenExpressions{
				{Input: "dev", Operator: "in", Values: []string{"prod", "test"}}, {CEL: "'a' == 'b'"},
			}},
			{Name: "rollback", Finally: true, State: cluster.StatePending},
			{Name: "tidy", Finally: true, State: cluster.StatePending},
		},
	}
}

func TestTree(t *testing.T) {
	s := inTheMiddle(t)
	now := s.Started.Add(12 * time.Second)
	var b bytes.Buffer
	for _, c := range []struct {
		name string
		tree cluster.Tree
	}{
		{"with the time", cluster.Tree{Now: now}},
		{"ASCII, 40 wide", cluster.Tree{Now: now, ASCII: true, Width: 40}},
		{"25 wide", cluster.Tree{Width: 25}},
		{"in colors, 30 wide", cluster.Tree{Now: now, Color: true, Width: 30}},
	} {
		b.WriteString("# " + c.name + "\n")
		require.NoError(t, c.tree.Write(&b, s))
	}
	golden.Check(t, "testdata/tree.txt", bytes.ReplaceAll(b.Bytes(), []byte("\x1b"), []byte("ESC")))
}

// No line is wider than Width, even if it is small.
func TestTreeWidth(t *testing.T) {
	for _, name := range recordings(t) {
		run, others := recorded(t, name)
		s, err := cluster.StatusOf(run, others...)
		require.NoError(t, err)
		for _, width := range []int{1, 5, 12, 40, 80} {
			for _, line := range (cluster.Tree{Steps: true, Width: width}).Lines(s) {
				branches := strings.IndexFunc(line, func(r rune) bool { return !strings.ContainsRune("├─└│ ", r) })
				wide := max(width, utf8.RuneCountInString(line[:max(branches, 0)])+2)
				assert.LessOrEqual(t, utf8.RuneCountInString(line), wide, "%s at %d: %q", name, width, line)
			}
		}
	}
}

func TestScreen(t *testing.T) {
	var b bytes.Buffer
	s := cluster.Screen{Writer: &b, Height: 4}
	require.NoError(t, s.Draw([]string{"a", "b"}))
	require.NoError(t, s.Print("log 1", "log 2"))
	require.NoError(t, s.Print())
	require.NoError(t, s.Draw([]string{"a", "b", "c", "d"}))
	require.NoError(t, s.Draw([]string{"end"}))
	assert.Equal(t, "a\nb\n"+
		"\x1b[2A\r\x1b[Jlog 1\nlog 2\na\nb\n"+
		"\x1b[2A\r\x1b[Ja\nb\n... 2 more\n"+
		"\x1b[3A\r\x1b[Jend\n", b.String())
}
