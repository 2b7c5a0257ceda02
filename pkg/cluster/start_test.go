package cluster_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// greeting returns a run of a pipeline with one task.
func greeting(name builder.String) *builder.PipelineRun {
	p := builder.NewPipeline("greeting")
	who := p.Param("who", builder.Default("world"))
	p.AddInline("greet", func(t *builder.Task) {
		text := t.Param("who", who)
		t.Step("greet").Image("docker.io/library/busybox:1.37").Env("WHO", text).Script(`echo "hello $WHO"`)
	})
	return p.Run(name)
}

// started returns the created run.
func started(t *testing.T, s *runServer) map[string]any {
	t.Helper()
	require.Len(t, s.creates, 1)
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(s.creates[0]), &body))
	return body
}

func TestStart(t *testing.T) {
	s := newRunServer(t)
	run, err := s.client.Start(t.Context(), greeting("hello"), cluster.StartOptions{
		Params: []v1.Param{{Name: "who", Value: *v1.NewStructuredValues("tekton")}},
	})
	require.NoError(t, err)
	assert.Equal(t, `PipelineRun "hello"`, run.String())
	assert.Equal(t, []string{cluster.KindPipelineRun, "e2e", "hello"}, []string{run.Kind(), run.Namespace(), run.Name()})
	spec := started(t, s)["spec"].(map[string]any)
	assert.Equal(t, []any{map[string]any{"name": "who", "value": "tekton"}}, spec["params"])
}

// TestStartProfile tests that a set is checked with its own profile.
func TestStartProfile(t *testing.T) {
	s := newRunServer(t)
	set := func() *manifest.Set {
		return manifest.New(manifest.FromObjects(&v1.TaskRun{
			TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "TaskRun"}, ObjectMeta: metav1.ObjectMeta{Name: "odd", Namespace: "e2e"},
			Spec: v1.TaskRunSpec{TaskSpec: &v1.TaskSpec{Steps: []v1.Step{{Name: "a", Image: "busybox:1.37", Script: "echo $(params.none)"}}}},
		}))
	}
	_, err := s.client.Start(t.Context(), set(), cluster.StartOptions{})
	var finding diag.Finding
	require.ErrorAs(t, err, &finding)
	_, err = s.client.Start(t.Context(), set().Profile(check.Profile{Disabled: []string{finding.Code}}), cluster.StartOptions{})
	assert.NoError(t, err)
}

func TestStartAgain(t *testing.T) {
	s := newRunServer(t)
	run, err := s.client.Start(t.Context(), greeting("hello"), cluster.StartOptions{Again: true})
	require.NoError(t, err)
	assert.Equal(t, "hello-x7k2p", run.Name())
	meta := started(t, s)["metadata"].(map[string]any)
	assert.Equal(t, "hello-", meta["generateName"])
	assert.NotEqual(t, "hello", meta["name"])
}

// Errors are reported before any request is sent.
func TestStartNothing(t *testing.T) {
	s := newRunServer(t)
	two := manifest.New(greeting("one"), greeting("two"))
	for _, c := range []struct {
		source manifest.Source
		name   string
		want   string
	}{
		{manifest.New(builder.NewPipeline("none")), "", `pipeline "none" has no task`},
		{manifest.FromObjects(&v1.Task{
			TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "Task"}, ObjectMeta: metav1.ObjectMeta{Name: "x"},
			Spec: v1.TaskSpec{Steps: []v1.Step{{Name: "a", Image: "docker.io/library/busybox:1.37", Script: "true"}}},
		}), "", "the source has no run to start: add a PipelineRun or a TaskRun, such as that of Pipeline.Run"},
		{two, "", `the source has more than one run, "one", "two": select one by name (StartOptions.Name, --name)`},
		{two, "three", `the source has no run "three"; it has "one", "two"`},
	} {
		_, err := s.client.Start(t.Context(), c.source, cluster.StartOptions{Name: c.name})
		require.Error(t, err)
		if strings.HasPrefix(c.want, "the source has") {
			assert.EqualError(t, err, c.want)
		}
	}
	assert.Empty(t, s.creates)
	run, err := s.client.Start(t.Context(), two, cluster.StartOptions{Name: "two"})
	require.NoError(t, err)
	assert.Equal(t, "two", run.Name())
}

// The error for an existing name has the position of the run.
func TestStartTaken(t *testing.T) {
	s := newRunServer(t)
	run := &v1.PipelineRun{TypeMeta: metav1.TypeMeta{Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{Name: "hello", Namespace: "e2e"}}
	s.put(run)
	_, err := s.client.Start(t.Context(), greeting("hello"), cluster.StartOptions{})
	var exists *cluster.AlreadyExistsError
	require.ErrorAs(t, err, &exists)
	assert.Regexp(t, `^pkg/cluster/start_test.go:\d+: PipelineRun "hello" already exists in namespace "e2e"
	help: rename the run, or start it with a generated name \(StartOptions\.Again, --again\)$`, err.Error())
}

// A run with a generateName is not created twice if the connection is lost.
func TestStartLost(t *testing.T) {
	s := newRunServer(t)
	s.down = 1
	_, err := s.client.Start(t.Context(), greeting("hello-"), cluster.StartOptions{Again: true})
	assert.ErrorContains(t, err, `the connection was lost while a PipelineRun with generateName "hello-`)
	assert.Empty(t, s.creates)
}

func TestStartForbidden(t *testing.T) {
	s := newRunServer(t)
	s.refuse["pipelineruns"] = http.StatusForbidden
	_, err := s.client.Start(t.Context(), greeting("hello"), cluster.StartOptions{})
	var forbidden *cluster.ForbiddenError
	require.ErrorAs(t, err, &forbidden)
	assert.Equal(t, []string{"create"}, forbidden.Rule.Verbs)
}

// A failure has the position of the task.
func TestStartPlaces(t *testing.T) {
	s := newRunServer(t)
	run, others := recorded(t, "failure")
	p := builder.NewPipeline("failure")
	for _, name := range []string{"first", "middle"} {
		p.AddInline(name, func(t *builder.Task) {
			t.Step("work").Image("docker.io/library/busybox:1.37").Script("true")
		})
	}
	started, err := s.client.Start(t.Context(), p.Run("failure"), cluster.StartOptions{})
	require.NoError(t, err)
	made := run.(*v1.PipelineRun)
	s.put(append(adopted(made, "uid-1", others...), made)...)
	o, err := started.Follow(t.Context(), cluster.FollowOptions{})
	require.NoError(t, err)
	require.Len(t, o.Failures, 1)
	assert.Regexp(t, `start_test.go:\d+$`, o.Failures[0].Position.String())
}

func TestCancel(t *testing.T) {
	for _, c := range []struct {
		kind string
		mode cluster.CancelMode
		want string
		err  string
	}{
		{cluster.KindPipelineRun, "", `"Cancelled"`, ""},
		{cluster.KindPipelineRun, cluster.CancelRunFinally, `"CancelledRunFinally"`, ""},
		{cluster.KindPipelineRun, cluster.CancelStop, `"StoppedRunFinally"`, ""},
		{cluster.KindTaskRun, "", `"TaskRunCancelled"`, ""},
		{cluster.KindTaskRun, cluster.CancelStop, "", `cannot cancel TaskRun "x" with mode "StoppedRunFinally": a TaskRun has no finally tasks, use CancelNow (--mode now)`},
		{cluster.KindPipelineRun, "Please", "", `cannot cancel PipelineRun "x" with mode "Please": use CancelNow, CancelRunFinally or CancelStop (--mode now, finally or stop)`},
	} {
		s := newRunServer(t)
		s.put(
			&v1.PipelineRun{TypeMeta: metav1.TypeMeta{Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{Name: "x", UID: "u"}},
			&v1.TaskRun{TypeMeta: metav1.TypeMeta{Kind: "TaskRun"}, ObjectMeta: metav1.ObjectMeta{Name: "x", UID: "u"}},
		)
		run := s.client.PipelineRun("", "x")
		if c.kind == cluster.KindTaskRun {
			run = s.client.TaskRun("", "x")
		}
		err := run.Cancel(t.Context(), c.mode)
		if c.err != "" {
			assert.EqualError(t, err, c.err)
			assert.Empty(t, s.patches)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, []string{fmt.Sprintf(`{"metadata":{"uid":"u"},"spec":{"status":%s}}`, c.want)}, s.patches)
	}
}

func TestCancelEnded(t *testing.T) {
	s := newRunServer(t)
	run, _ := recorded(t, "failure")
	s.put(run)
	err := s.client.PipelineRun("", "failure").Cancel(t.Context(), cluster.CancelNow)
	assert.EqualError(t, err, `PipelineRun "failure" in namespace "e2e" has already ended: Failed`)
	assert.Empty(t, s.patches)
}

// Logs are written in the order of the pipeline, with prefixes; a line says which
// cannot be read.
func TestLogs(t *testing.T) {
	s := newRunServer(t)
	run, others := recorded(t, "failure")
	s.put(append(others, run)...)
	s.logs = func(w http.ResponseWriter, r *http.Request) {
		pod := strings.Split(r.URL.Path, "/")[6]
		if pod == "failure-middle-pod" {
			status(w, http.StatusNotFound, "no such pod")
			return
		}
		_, _ = fmt.Fprintf(w, "one of %s\ntwo", pod)
	}
	var b bytes.Buffer
	r := s.client.PipelineRun("", "failure")
	require.NoError(t, r.Logs(t.Context(), &b, cluster.LogOptions{Steps: []string{"work", "break"}}))
	assert.Equal(t, `[first : work] one of failure-first-pod
[first : work] two
[middle : break] (no log: the pod was deleted together with its log)
[middle : break] one of failure-middle-pod-retry1
[middle : break] two
[middle : break] one of failure-middle-pod-retry2
[middle : break] two
`, b.String())
	b.Reset()
	require.NoError(t, r.Logs(t.Context(), &b, cluster.LogOptions{Tasks: []string{"first"}, NoPrefix: true, LastLines: 5}))
	assert.Equal(t, "one of failure-first-pod\ntwo\n", b.String())
}
