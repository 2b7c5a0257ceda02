package runs_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// hanging is a pipeline with a task that does not end, one after it, and one of
// finally.
func hanging(name string, task func(*builder.Task)) *builder.PipelineRun {
	p := builder.NewPipeline(name)
	first := p.AddInline("work", task)
	p.AddInline("after", good).After(first)
	builder.AddFinally(p, "tidy", tidy{})
	return p.Run(builder.String(name))
}

// running waits until the step of the task runs.
func (l *live) running(t *testing.T, task string) {
	t.Helper()
	require.Eventually(t, func() bool {
		s, err := l.run.Status(t.Context())
		if err != nil {
			return false
		}
		of, _ := s.Task(task)
		return len(of.Runs) > 0 && len(of.Runs[0].Steps) > 0 && of.Runs[0].Steps[0].State == cluster.StateRunning
	}, time.Minute, 200*time.Millisecond)
}

// Each mode ends what it says, and runs finally if it says so.
func TestCancel(t *testing.T) {
	t.Parallel()
	brief := func(t *builder.Task) {
		is(t, verdict{Delay: "4s"})
		script(t, "work", "sleep 4")
	}
	for name, c := range map[string]struct {
		mode          cluster.CancelMode
		task          func(*builder.Task)
		work, finally cluster.State
	}{
		"now":     {cluster.CancelNow, slow, cluster.StateCancelled, cluster.StateSkipped},
		"finally": {cluster.CancelRunFinally, slow, cluster.StateCancelled, cluster.StateSucceeded},
		"stop":    {cluster.CancelStop, brief, cluster.StateSucceeded, cluster.StateSucceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := start(t, hanging("cancel", c.task))
			l.running(t, "work")
			require.NoError(t, l.run.Cancel(t.Context(), c.mode))
			o := l.follow(t)
			assert.Equal(t, cluster.StateCancelled, o.State)
			work, _ := o.Task("work")
			assert.Equal(t, c.work, work.State)
			after, _ := o.Task("after")
			assert.Empty(t, after.Runs)
			tidy, _ := o.Task("tidy")
			assert.Equal(t, c.finally, tidy.State)
			assert.ErrorContains(t, o.Err(), "was cancelled")
			var ended *cluster.EndedError
			require.ErrorAs(t, l.run.Cancel(t.Context(), c.mode), &ended)
			assert.Equal(t, cluster.StateCancelled, ended.State)
		})
	}
}

func TestCancelTaskRun(t *testing.T) {
	t.Parallel()
	l := start(t, builder.RunTask("alone", hangs{}))
	l.running(t, "hangs")
	require.ErrorContains(t, l.run.Cancel(t.Context(), cluster.CancelStop), "a TaskRun has no finally")
	require.NoError(t, l.run.Cancel(t.Context(), ""))
	o := l.follow(t)
	assert.Equal(t, cluster.StateCancelled, o.State)
	assert.Equal(t, "TaskRunCancelled", o.Reason)
}

type hangs struct{}

func (hangs) TaskName() string { return "hangs" }
func (hangs) Define(t *builder.Task) *builder.PipelineTask {
	slow(t)
	return t.PipelineTask()
}

// The end of a context ends the following, and not the run.
func TestContext(t *testing.T) {
	t.Parallel()
	l := start(t, hanging("context", slow))
	ctx, cancel := context.WithCancel(t.Context())
	o := l.options()
	note := o.Events
	o.Events = func(e cluster.Event) {
		if note(e); e.Type == cluster.EventStepStarted {
			cancel()
		}
	}
	outcome, err := l.run.Follow(ctx, o)
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, "which keeps running")
	assert.False(t, outcome.State.Ended())
	s, err := l.run.Status(t.Context())
	require.NoError(t, err)
	assert.Equal(t, cluster.StateRunning, s.State)
	require.NoError(t, l.run.Cancel(t.Context(), cluster.CancelNow))
}

// A run that is deleted ends the following.
func TestDeleted(t *testing.T) {
	t.Parallel()
	l := start(t, hanging("deleted", slow))
	l.running(t, "work")
	time.AfterFunc(time.Second, func() {
		_ = l.Tekton.TektonV1().PipelineRuns(l.ns).Delete(context.Background(), l.run.Name(), metav1.DeleteOptions{})
	})
	_, err := l.run.Follow(t.Context(), l.options())
	var gone *cluster.NotFoundError
	require.ErrorAs(t, err, &gone)
	assert.True(t, gone.Deleted)
	_, err = l.run.Status(t.Context())
	require.ErrorAs(t, err, &gone)
	assert.False(t, gone.Deleted)
	assert.ErrorContains(t, gone, `PipelineRun "deleted" does not exist in namespace "`+l.ns+`"`)
}

// Two follow one run, and are told the same; so is one that comes afterwards.
func TestTwo(t *testing.T) {
	t.Parallel()
	l := start(t, hanging("two", good))
	var both [2]live
	var wg sync.WaitGroup
	for i := range both {
		wg.Go(func() {
			_, err := l.run.Follow(t.Context(), both[i].options())
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	l.follow(t)
	for i := range both {
		assert.ElementsMatch(t, texts(l.events), texts(both[i].events))
	}
}

// texts are the events but those that depend on when one looks.
func texts(events []cluster.Event) []string {
	var all []string
	for _, e := range events {
		if e.Type != cluster.EventTaskWaiting && e.Type != cluster.EventLog && e.Type != cluster.EventWarning {
			all = append(all, lasting(e))
		}
	}
	return all
}

// One source is started again and again; and not twice by one name.
func TestAgain(t *testing.T) {
	t.Parallel()
	l := start(t, hanging("again", good))
	client, err := cluster.New(l.Config, cluster.Options{Namespace: l.ns})
	require.NoError(t, err)
	source := manifest.New(hanging("again", good)).Namespace(l.ns)
	_, err = client.Start(t.Context(), source, cluster.StartOptions{})
	var exists *cluster.AlreadyExistsError
	require.ErrorAs(t, err, &exists)
	assert.Contains(t, exists.Position.File, "control_test.go")
	run, err := client.Start(t.Context(), source, cluster.StartOptions{Again: true})
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(run.Name(), "again-"), run.Name())
	o, err := run.Follow(t.Context(), cluster.FollowOptions{})
	require.NoError(t, err)
	require.NoError(t, o.Err())
}

// A run that is not there, and one in a namespace that is not there.
func TestGone(t *testing.T) {
	t.Parallel()
	l := start(t, hanging("gone", good))
	var gone *cluster.NotFoundError
	for _, ns := range []string{l.ns, "e2e-nowhere"} {
		_, err := l.Client.TaskRun(ns, "nobody").Follow(t.Context(), cluster.FollowOptions{})
		require.ErrorAs(t, err, &gone)
		require.ErrorAs(t, l.Client.PipelineRun(ns, "nobody").Cancel(t.Context(), ""), &gone)
	}
}
