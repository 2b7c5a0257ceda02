// Package runs_test proves on a live Tekton what package cluster says of runs:
// how they start, what happens in them, what comes out, and how they are
// cancelled.
package runs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

const image = "docker.io/library/busybox:1.37"

// verdict tells a stand-in kubelet what the step does that a real one runs.
type verdict struct {
	Results  map[string]any `json:"results,omitempty"`
	ExitCode int            `json:"exitCode,omitempty"`
	Step     string         `json:"step,omitempty"`
	Delay    string         `json:"delay,omitempty"`
	Hang     bool           `json:"hang,omitempty"`
}

// is declares what a task does, both ways.
func is(t *builder.Task, v verdict) *builder.Task {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return t.Annotate("cluster.tekwright.dev/fake", string(b))
}

func script(t *builder.Task, step, text string) { t.Step(step).Image(image).Script(text) }

// good is a task that succeeds.
func good(t *builder.Task) { script(t, "work", "echo worked") }

// bad is a task that fails.
func bad(t *builder.Task) {
	is(t, verdict{ExitCode: 7, Step: "break"})
	script(t, "prepare", "echo prepared")
	script(t, "break", "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 7")
}

// slow is a task that does not end in time.
func slow(t *builder.Task) {
	is(t, verdict{Hang: true})
	script(t, "work", "echo begun; trap 'exit 1' TERM; sleep 300 & wait")
}

// live is a run that is followed.
type live struct {
	*harness.Cluster
	ns  string
	run *cluster.Run

	mu     sync.Mutex
	events []cluster.Event
}

// start applies all of the source, and starts its run in a namespace of its own.
func start(t *testing.T, source manifest.Source) *live {
	t.Helper()
	c := harness.Get(t)
	if c.Tier == harness.ControlPlane {
		harness.StandsIn(t, "a kubelet that ends pods without running them")
	}
	l := &live{Cluster: c, ns: c.Namespace(t)}
	client, err := cluster.New(c.Config, cluster.Options{Namespace: l.ns})
	require.NoError(t, err)
	l.run, err = client.Start(t.Context(), manifest.New(source).Namespace(l.ns), cluster.StartOptions{Apply: &cluster.ApplyOptions{}})
	require.NoError(t, err)
	return l
}

// options note every event.
func (l *live) options() cluster.FollowOptions {
	return cluster.FollowOptions{Logs: true, Events: func(e cluster.Event) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.events = append(l.events, e)
	}}
}

// follow follows the run to its end.
func (l *live) follow(t *testing.T) cluster.Outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	o, err := l.run.Follow(ctx, l.options())
	require.NoError(t, err)
	l.show(t, o)
	l.sound(t, o)
	return o
}

// show writes into the log of the test what a user would see.
func (l *live) show(t *testing.T, o cluster.Outcome) {
	t.Helper()
	for _, e := range l.events {
		t.Log(e.String())
	}
	t.Log("\n" + strings.Join(cluster.Tree{Steps: true}.Lines(o.Status), "\n"))
	if err := o.Err(); err != nil {
		t.Log("\n" + err.Error())
	}
	record(t, l)
}

// sound holds what must be so of every run that was followed to its end.
func (l *live) sound(t *testing.T, o cluster.Outcome) {
	t.Helper()
	require.NotEmpty(t, l.events)
	require.Equal(t, cluster.EventRunFinished, l.events[len(l.events)-1].Type, "the end comes last")
	seen := map[string]int{}
	var told []string
	for _, e := range l.events {
		if e.Type != cluster.EventLog && e.Type != cluster.EventWarning {
			seen[fmt.Sprint(e.Type, e.Path, e.Task, e.Run, e.Attempt, e.Step, e.Reason, e.Message)]++
		}
		if e.Type != cluster.EventLog && e.Type != cluster.EventWarning && e.Type != cluster.EventTaskWaiting && e.Type != cluster.EventRunWaiting {
			told = append(told, lasting(e))
		}
	}
	for what, times := range seen {
		require.Equal(t, 1, times, what)
	}
	// What was told one by one is what the end tells all at once.
	var history []string
	for _, e := range o.History() {
		history = append(history, lasting(e))
	}
	slices.Sort(told)
	slices.Sort(history)
	require.Equal(t, history, told)
}

// lasting is what an event says for good: Tekton changes its mind about the
// reason for which a task is skipped, and about the second in which one ended.
func lasting(e cluster.Event) string {
	e.Duration = 0
	if e.Type == cluster.EventTaskSkipped {
		e.Reason, e.Message = "", ""
	}
	return e.String()
}

// of are the types of the events of a task, without logs.
func (l *live) of(task string) []string {
	var types []string
	for _, e := range l.events {
		if e.Task == task && e.Type != cluster.EventLog && e.Type != cluster.EventTaskWaiting {
			types = append(types, string(e.Type))
		}
	}
	return types
}

// record writes the objects of a run into the folder that RECORD names, for the
// tests of package cluster that need no cluster.
func record(t *testing.T, l *live) {
	t.Helper()
	dir := os.Getenv("RECORD")
	if dir == "" {
		return
	}
	var all []any
	for _, kind := range []schema.GroupVersionResource{
		{Group: "tekton.dev", Version: "v1", Resource: "pipelineruns"},
		{Group: "tekton.dev", Version: "v1", Resource: "taskruns"},
		{Group: "tekton.dev", Version: "v1beta1", Resource: "customruns"},
	} {
		list, err := l.Objects.Resource(kind).Namespace(l.ns).List(context.Background(), metav1.ListOptions{})
		require.NoError(t, err)
		for _, o := range list.Items {
			o.SetManagedFields(nil)
			o.SetResourceVersion("")
			delete(o.Object["status"].(map[string]any), "provenance")
			all = append(all, o.Object)
		}
	}
	b, err := json.MarshalIndent(map[string]any{"apiVersion": "v1", "kind": "List", "items": all}, "", " ")
	require.NoError(t, err)
	text := strings.ReplaceAll(string(b), l.ns, "e2e")
	name := strings.ToLower(strings.NewReplacer("Test", "", "/", "-").Replace(t.Name()))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".json"), []byte(text+"\n"), 0o644))
}
