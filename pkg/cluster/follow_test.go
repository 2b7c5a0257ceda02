package cluster_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/tekwright/tekwright/pkg/cluster"
)

// film is the sequence of states of a recorded run.
type film struct {
	run    kruntime.Object
	frames [][]kruntime.Object
}

// filmOf returns the film of a recording: the run without tasks, each TaskRun when it
// starts, each when it has ended, and the run when it has ended.
func filmOf(t *testing.T, name string) *film {
	t.Helper()
	run, others := recorded(t, name)
	begun := run.DeepCopyObject().(*v1.PipelineRun)
	begun.Status.CompletionTime, begun.Status.ChildReferences = nil, nil
	begun.Status.SkippedTasks, begun.Status.Results = nil, nil
	begun.Status.Conditions[0].Status, begun.Status.Conditions[0].Reason = corev1.ConditionUnknown, "Running"
	f := &film{run: begun}
	for _, o := range others {
		early := o.DeepCopyObject().(*v1.TaskRun)
		undone(early, "Pending", "Pending")
		early.Status.PodName, early.Status.RetriesStatus = "", nil
		f.frames = append(f.frames, []kruntime.Object{early}, []kruntime.Object{o})
	}
	f.frames = append(f.frames, []kruntime.Object{run})
	return f
}

// follow follows the run of a film on a server, and calls play between the frames.
func follow(t *testing.T, s *runServer, f *film, o cluster.FollowOptions, play func(frame int)) (cluster.Outcome, []string, error) {
	t.Helper()
	var mu sync.Mutex
	var events []string
	inner := o.Events
	o.Events = func(e cluster.Event) {
		mu.Lock()
		events = append(events, e.String())
		mu.Unlock()
		if inner != nil {
			inner(e)
		}
	}
	s.put(f.run)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i, frame := range f.frames {
			play(i)
			s.put(frame...)
		}
	}()
	outcome, err := s.client.PipelineRun("", f.run.(*v1.PipelineRun).Name).Follow(ctx, o)
	<-done
	return outcome, events, err
}

func historyOf(t *testing.T, name string) []string {
	t.Helper()
	run, others := recorded(t, name)
	s, err := cluster.StatusOf(run, others...)
	require.NoError(t, err)
	var all []string
	for _, e := range s.History() {
		all = append(all, e.String())
	}
	return all
}

// Each event is reported exactly once, even if the connection is interrupted.
func TestFollowDisturbed(t *testing.T) {
	for name, disturb := range map[string]func(*runServer){
		"calm":      func(*runServer) {},
		"cut off":   func(s *runServer) { s.cut(false) },
		"forgotten": func(s *runServer) { s.cut(true) },
		"down": func(s *runServer) {
			s.mu.Lock()
			s.down = 3
			s.mu.Unlock()
			s.cut(false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newRunServer(t)
			o, events, err := follow(t, s, filmOf(t, "skips"), cluster.FollowOptions{}, func(i int) {
				if i == 3 {
					disturb(s)
				}
			})
			require.NoError(t, err)
			require.NoError(t, o.Err())
			assert.ElementsMatch(t, historyOf(t, "skips"), events)
			assert.True(t, strings.HasPrefix(events[len(events)-1], `PipelineRun "skips" succeeded`), events)
		})
	}
}

// No goroutines are leaked.
func TestFollowLeavesNothing(t *testing.T) {
	s := newRunServer(t)
	f := filmOf(t, "skips")
	before := goroutines()
	_, _, err := follow(t, s, f, cluster.FollowOptions{Logs: true}, func(int) {})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	s.put(f.run) // runs again
	_, err = s.client.PipelineRun("", "skips").Follow(ctx, cluster.FollowOptions{Events: func(cluster.Event) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	assert.ErrorContains(t, err, `stopped following PipelineRun "skips" in namespace "e2e", which keeps running: context canceled`)
	assert.Eventually(t, func() bool { return goroutines() == before }, 5*time.Second, time.Millisecond)
}

// goroutines returns the stacks with functions of this package, except the test.
func goroutines() int {
	b := make([]byte, 1<<20)
	b = b[:runtime.Stack(b, true)]
	n := 0
	for stack := range strings.SplitSeq(string(b), "\n\n") {
		if strings.Contains(stack, "pkg/cluster.") && !strings.Contains(stack, "testing.tRunner") {
			n++
		}
	}
	return n
}

func TestFollowDeleted(t *testing.T) {
	s := newRunServer(t)
	f := filmOf(t, "skips")
	last := f.frames[len(f.frames)-1]
	f.frames = f.frames[:len(f.frames)-1]
	once := sync.OnceFunc(func() { s.remove(last[0]) })
	_, _, err := follow(t, s, f, cluster.FollowOptions{Events: func(e cluster.Event) {
		if e.Type == cluster.EventTaskFinished {
			once()
		}
	}}, func(int) {})
	var gone *cluster.NotFoundError
	require.ErrorAs(t, err, &gone)
	assert.EqualError(t, err, `PipelineRun "skips" in namespace "e2e" was deleted before it ended`)
}

// A new run with the same name is not followed instead.
func TestFollowReplaced(t *testing.T) {
	s := newRunServer(t)
	f := filmOf(t, "skips")
	f.frames = f.frames[:1]
	again := f.run.DeepCopyObject().(*v1.PipelineRun)
	again.UID = "another"
	once := sync.OnceFunc(func() {
		s.remove(f.run)
		s.put(again)
		s.cut(true)
	})
	_, _, err := follow(t, s, f, cluster.FollowOptions{Events: func(cluster.Event) { once() }}, func(int) {})
	var gone *cluster.NotFoundError
	require.ErrorAs(t, err, &gone)
}

func TestFollowNotFound(t *testing.T) {
	s := newRunServer(t)
	_, err := s.client.PipelineRun("", "nobody").Follow(t.Context(), cluster.FollowOptions{})
	assert.ErrorContains(t, err, `PipelineRun "nobody" does not exist in namespace "e2e"`)
	_, err = s.client.TaskRun("ci", "nobody").Status(t.Context())
	assert.EqualError(t, err, `TaskRun "nobody" does not exist in namespace "ci"
	help: set the right namespace (first argument of Client.TaskRun, -n), or search all: kubectl get taskruns.tekton.dev -A`)
}

// The error for a missing permission contains the rule to add.
func TestFollowForbidden(t *testing.T) {
	s := newRunServer(t)
	s.refuse["taskruns"] = http.StatusForbidden
	s.put(filmOf(t, "skips").run)
	_, err := s.client.PipelineRun("", "skips").Follow(t.Context(), cluster.FollowOptions{})
	var forbidden *cluster.ForbiddenError
	require.ErrorAs(t, err, &forbidden)
	assert.EqualError(t, err, `"jane" cannot list taskruns.tekton.dev in namespace "e2e" (needed for PipelineRun "skips")
	help: add this rule to a Role in namespace "e2e":
	  - apiGroups: ["tekton.dev"]
	    resources: ["taskruns"]
	    verbs: ["get", "list", "watch"]`)
}

// If the server stays unreachable, Follow returns an error with the number of
// attempts.
func TestFollowGivesUp(t *testing.T) {
	s := newRunServer(t)
	s.refuse["pipelineruns"] = http.StatusServiceUnavailable
	_, err := s.client.PipelineRun("", "skips").Follow(t.Context(), cluster.FollowOptions{Attempts: 2})
	var unreachable *cluster.UnreachableError
	require.ErrorAs(t, err, &unreachable)
	assert.Equal(t, 2, unreachable.Attempts)
}

// A run that no controller processes causes an event.
func TestFollowNeglected(t *testing.T) {
	s := newRunServer(t)
	run := &v1.PipelineRun{TypeMeta: metav1.TypeMeta{Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "e2e", UID: "1"}}
	s.put(run)
	ctx, cancel := context.WithCancel(t.Context())
	var told []cluster.Event
	_, err := s.client.PipelineRun("", "x").Follow(ctx, cluster.FollowOptions{IdleTimeout: 50 * time.Millisecond, Events: func(e cluster.Event) {
		told = append(told, e)
		cancel()
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, told, 1)
	assert.Equal(t, `PipelineRun "x" is waiting: Tekton has not started it yet: check that the controller is running and watches the namespace`, told[0].String())
}

// Follow does not wait forever for TaskRuns that do not end after their run.
func TestFollowUnsettled(t *testing.T) {
	s := newRunServer(t)
	f := filmOf(t, "cancel-now")
	f.frames = slices.Delete(f.frames, 1, 2)
	o, events, err := follow(t, s, f, cluster.FollowOptions{IdleTimeout: 100 * time.Millisecond}, func(int) {})
	require.NoError(t, err)
	assert.Equal(t, cluster.StateCancelled, o.State)
	assert.Equal(t, `PipelineRun "cancel" was cancelled after 1s`, events[len(events)-1])
}

// Without permission to read events, there is a warning.
func TestFollowNoEvents(t *testing.T) {
	s := newRunServer(t)
	s.refuse["events"] = http.StatusForbidden
	f := filmOf(t, "results")
	waits := f.frames[0][0].(*v1.TaskRun)
	waits.Status.PodName = "results-make-pod"
	warned := make(chan struct{})
	o, events, err := follow(t, s, f, cluster.FollowOptions{Events: func(e cluster.Event) {
		if e.Type == cluster.EventWarning {
			close(warned)
		}
	}}, func(i int) {
		if i == 1 {
			<-warned
		}
	})
	require.NoError(t, err)
	require.NoError(t, o.Err())
	require.Len(t, o.Warnings, 1)
	assert.Contains(t, o.Warnings[0], `cannot read why pods do not start: "jane" cannot list events in namespace "e2e"`)
	assert.Contains(t, o.Warnings[0], `verbs: ["list", "watch"]`)
	assert.Contains(t, events, `warning: PipelineRun "results": `+o.Warnings[0])
}

// Warnings about a pod that does not start are reported once.
func TestFollowPodWarnings(t *testing.T) {
	s := newRunServer(t)
	f := filmOf(t, "results")
	f.frames[0][0].(*v1.TaskRun).Status.PodName = "results-make-pod"
	for i := range 3 {
		s.put(&corev1.Event{
			TypeMeta: metav1.TypeMeta{Kind: "Event"}, ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("e", i), Namespace: "e2e", UID: "e"},
			InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "e2e", Name: "results-make-pod"},
			Type:           corev1.EventTypeWarning, Reason: "FailedMount", Message: fmt.Sprintf(`secret "token" not found, %d times`, i),
		})
	}
	told := make(chan struct{})
	_, events, err := follow(t, s, f, cluster.FollowOptions{Events: func(e cluster.Event) {
		if e.Type == cluster.EventTaskWaiting {
			close(told)
		}
	}}, func(i int) {
		if i == 1 {
			<-told
		}
	})
	require.NoError(t, err)
	var waits []string
	for _, e := range events {
		if strings.Contains(e, "is waiting") {
			waits = append(waits, e)
		}
	}
	require.Len(t, waits, 1)
	assert.Contains(t, waits[0], `task "make" is waiting: FailedMount: secret "token" not found`)
}

// An interrupted log is resumed without repeating or losing lines, even if several
// have the same time or one is cut in the middle.
func TestFollowLogs(t *testing.T) {
	lines := []string{
		"2026-01-01T10:00:00.1Z one", "2026-01-01T10:00:00.2Z two", "2026-01-01T10:00:00.2Z two again",
		"2026-01-01T10:00:00.2Z two a third time", "2026-01-01T10:00:01.5Z ", "2026-01-01T10:00:02Z " + strings.Repeat("x", 100<<10), "2026-01-01T10:00:03Z last",
	}
	var asked atomic.Int32
	s := newRunServer(t)
	s.logs = func(w http.ResponseWriter, r *http.Request) {
		since, _ := time.Parse(time.RFC3339, r.URL.Query().Get("sinceTime"))
		var due []string
		for _, l := range lines {
			at, _ := time.Parse(time.RFC3339Nano, strings.Fields(l)[0])
			if !at.Before(since) {
				due = append(due, l)
			}
		}
		text := strings.Join(due, "\n")
		switch asked.Add(1) {
		case 1: // cut off in the middle of the third line
			_, _ = w.Write([]byte(text[:strings.Index(text, "again")]))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		case 2:
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = w.Write([]byte(text))
	}
	f := filmOf(t, "failure")
	o, events, err := follow(t, s, f, cluster.FollowOptions{Logs: true, LastLines: 2, Events: func(cluster.Event) {}}, func(int) {})
	require.NoError(t, err)
	var got []string
	for _, e := range events {
		if text, is := strings.CutPrefix(e, "[first : work] "); is {
			got = append(got, short(text))
		}
	}
	want := []string{"one", "two", "two again", "two a third time", "", "x * 65515", "x * 36885", "last"}
	assert.Equal(t, want, got)
	require.Len(t, o.Failures, 1)
	assert.Equal(t, "last", o.Failures[0].Log[1])
	// The log of a step comes before its end, and the end of an attempt before the
	// next attempt.
	assert.Less(t, slices.Index(events, "[middle : break] last"), slices.Index(events, `task "middle", step "break" failed with exit code 7`))
}

func short(line string) string {
	if n := len(line); n > 1000 {
		return fmt.Sprintf("%c * %d", line[0], n)
	}
	return line
}

// Without permission to read logs, there is a warning, but no error.
func TestFollowLogsForbidden(t *testing.T) {
	s := newRunServer(t)
	s.logs = noLogs
	o, events, err := follow(t, s, filmOf(t, "failure"), cluster.FollowOptions{Logs: true}, func(int) {})
	require.NoError(t, err)
	missing := `"jane" cannot get pods/log in namespace "e2e" (needed for PipelineRun "failure")
	help: add this rule to a Role in namespace "e2e":
	  - apiGroups: [""]
	    resources: ["pods/log"]
	    verbs: ["get"]`
	assert.Equal(t, []string{"no logs: " + missing}, o.Warnings, "once, not for each pod")
	assert.Equal(t, "the user cannot get pods/log", o.Failures[0].LogError)
	assert.Contains(t, events, `warning: PipelineRun "failure": no logs: `+missing)

	var forbidden *cluster.ForbiddenError
	err = s.client.PipelineRun("", "failure").Logs(t.Context(), io.Discard, cluster.LogOptions{})
	require.ErrorAs(t, err, &forbidden)
	assert.EqualError(t, err, missing)

	o, _, err = follow(t, s, filmOf(t, "failure"), cluster.FollowOptions{}, func(int) {})
	require.NoError(t, err)
	assert.Equal(t, "the user cannot get pods/log", o.Failures[0].LogError)
}

// noLogs rejects a log request like the API server, with the name of the pod.
func noLogs(w http.ResponseWriter, r *http.Request) {
	status(w, http.StatusForbidden, fmt.Sprintf(`pods %q is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "e2e"`,
		strings.Split(r.URL.Path, "/")[6]))
}

// Follow does not wait forever for a log that does not end with its step.
func TestFollowLogsHang(t *testing.T) {
	s := newRunServer(t)
	s.logs = func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	o, _, err := follow(t, s, filmOf(t, "results"), cluster.FollowOptions{Logs: true, IdleTimeout: 100 * time.Millisecond}, func(int) {})
	require.NoError(t, err)
	require.NoError(t, o.Err())
}

// Without Logs, the last lines of a failed step are read at the end.
func TestFollowLastLines(t *testing.T) {
	s := newRunServer(t)
	s.logs = func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		_, _ = fmt.Fprintf(w, "%s of %s\nthe end\n", q.Get("tailLines"), q.Get("container"))
	}
	o, _, err := follow(t, s, filmOf(t, "failure"), cluster.FollowOptions{LastLines: 2}, func(int) {})
	require.NoError(t, err)
	assert.Equal(t, []string{"2 of step-break", "the end"}, o.Failures[0].Log)
	o, _, err = follow(t, s, filmOf(t, "failure"), cluster.FollowOptions{LastLines: -1}, func(int) {})
	require.NoError(t, err)
	assert.Empty(t, o.Failures[0].Log)
}

// A nested pipeline is watched when it starts.
func TestFollowNested(t *testing.T) {
	s := newRunServer(t)
	run, others := recorded(t, "nested")
	s.put(append(others, run)...)
	var events []string
	o, err := s.client.PipelineRun("e2e", "nested").Follow(t.Context(), cluster.FollowOptions{Events: func(e cluster.Event) { events = append(events, e.String()) }})
	require.NoError(t, err)
	assert.Equal(t, historyOf(t, "nested"), events)
	assert.Equal(t, []string{"inside"}, o.Failures[0].Path)
	got, err := s.client.PipelineRun("e2e", "nested").Status(t.Context())
	require.NoError(t, err)
	assert.Equal(t, o.Status, got)
}

// adopted gives a recorded run and its TaskRuns another UID.
func adopted(run *v1.PipelineRun, uid string, others ...kruntime.Object) []kruntime.Object {
	run.UID = types.UID(uid)
	for _, o := range others {
		o.(metav1.Object).GetOwnerReferences()[0].UID = run.UID
	}
	return others
}
