package cluster_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/internal/golden"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/diag"
)

// recorded returns objects recorded from a live Tekton: the run that was started, and
// all others.
func recorded(t require.TestingT, name string) (runtime.Object, []runtime.Object) {
	b, err := os.ReadFile(filepath.Join("testdata", "runs", name+".json"))
	require.NoError(t, err)
	var list struct{ Items []json.RawMessage }
	require.NoError(t, json.Unmarshal(b, &list))
	var run runtime.Object
	var others []runtime.Object
	for _, item := range list.Items {
		var kind metav1.PartialObjectMetadata
		require.NoError(t, json.Unmarshal(item, &kind))
		var o runtime.Object
		switch kind.Kind {
		case "PipelineRun":
			o = &v1.PipelineRun{}
		case "TaskRun":
			o = &v1.TaskRun{}
		case "CustomRun":
			o = &v1beta1.CustomRun{}
		case "Event":
			o = &corev1.Event{}
		}
		require.NoError(t, json.Unmarshal(item, o))
		if run == nil && len(kind.OwnerReferences) == 0 {
			run = o
			continue
		}
		others = append(others, o)
	}
	require.NotNil(t, run)
	return run, others
}

// example fails an example.
var example = failing{}

type failing struct{}

func (failing) Errorf(format string, args ...any) { fmt.Printf(format, args...) }
func (failing) FailNow()                          { goruntime.Goexit() }

func recordings(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/runs/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	return names
}

// The output for runs recorded from a live Tekton.
func TestRecorded(t *testing.T) {
	for _, name := range recordings(t) {
		t.Run(name, func(t *testing.T) {
			run, others := recorded(t, name)
			s, err := cluster.StatusOf(run, others...)
			require.NoError(t, err)
			var b bytes.Buffer
			require.NoError(t, cluster.Tree{Steps: true, Now: s.Started.Add(time.Minute)}.Write(&b, s))
			b.WriteByte('\n')
			for _, e := range s.History() {
				fmt.Fprintf(&b, "%s %s\n", clock(e.Time), e)
			}
			for _, r := range s.Results {
				fmt.Fprintf(&b, "result %s: %s\n", r.Name, must(json.Marshal(r.Value)))
			}
			if err := cluster.OutcomeOf(s).Err(); err != nil {
				b.WriteString("\n" + err.Error() + "\n")
			}
			golden.Check(t, filepath.Join("testdata", "runs", name+".txt"), b.Bytes())
		})
	}
}

func must(b []byte, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "        "
	}
	return t.Format(time.TimeOnly)
}

// The status does not depend on the order of objects, nor on objects of other runs.
func TestStatusOrder(t *testing.T) {
	for _, name := range recordings(t) {
		run, others := recorded(t, name)
		want, err := cluster.StatusOf(run, others...)
		require.NoError(t, err)
		var turned []runtime.Object
		for _, o := range others {
			turned = append([]runtime.Object{o}, turned...)
		}
		strange, more := recorded(t, "failure")
		if name != "failure" {
			turned = append(turned, more...)
			turned = append(turned, strange)
		}
		got, err := cluster.StatusOf(run, turned...)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
}

// A run has a status even if its TaskRuns were pruned.
func TestStatusPruned(t *testing.T) {
	run, _ := recorded(t, "skips")
	s, err := cluster.StatusOf(run)
	require.NoError(t, err)
	first, has := s.Task("first")
	require.True(t, has)
	assert.Equal(t, cluster.StateUnknown, first.State)
	assert.Equal(t, "skips-first", first.Runs[0].Name)
	assert.Equal(t, cluster.StateSucceeded, s.State)
}

func TestStatusOfNoRun(t *testing.T) {
	_, err := cluster.StatusOf(&corev1.Pod{})
	assert.EqualError(t, err, `*v1.Pod is not a PipelineRun or TaskRun of tekton.dev/v1`)
}

// TaskRuns of an earlier run with the same name are ignored.
func TestStatusOtherUID(t *testing.T) {
	run, others := recorded(t, "skips")
	run.(*v1.PipelineRun).UID = "another"
	run.(*v1.PipelineRun).Status.ChildReferences = nil
	s, err := cluster.StatusOf(run, others...)
	require.NoError(t, err)
	for _, task := range s.Tasks {
		assert.Empty(t, task.Runs, task.Name)
	}
}

// undone returns a recorded TaskRun to the state in which it was waiting.
func undone(tr *v1.TaskRun, reason, message string) {
	tr.Status.CompletionTime, tr.Status.Steps = nil, nil
	tr.Status.Conditions[0].Status = corev1.ConditionUnknown
	tr.Status.Conditions[0].Reason, tr.Status.Conditions[0].Message = reason, message
}

// What keeps a pod from running is reported; normal states of pods are not.
func TestWaiting(t *testing.T) {
	warning := &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Name: "w", Namespace: "e2e"},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "e2e", Name: "results-make-pod"},
		Type:           corev1.EventTypeWarning, Reason: "FailedMount", Message: `secret "token" not found`,
	}
	for _, c := range []struct {
		reason, message string
		warning         *corev1.Event
		want            []cluster.Reason
	}{
		{"Pending", "Pending", nil, nil},
		{"Pending", `pod status "Initialized":"False"; message: "containers with incomplete status: [prepare]"`, nil, nil},
		{"Pending", `pod status "PodReadyToStartContainers":"False"; message: ""`, nil, nil},
		{"Pending", `pod status "PodScheduled":"False"; message: "0/1 nodes are available"`, nil,
			[]cluster.Reason{{Reason: "Pending", Message: `pod status "PodScheduled":"False"; message: "0/1 nodes are available"`}}},
		{"PullImageFailed", `build step "step-a" is pending with reason "Back-off"`, nil,
			[]cluster.Reason{{Reason: "PullImageFailed", Message: `build step "step-a" is pending with reason "Back-off"`}}},
		{"Pending", "Pending", warning, []cluster.Reason{{Reason: "FailedMount", Message: `secret "token" not found`}}},
	} {
		run, others := recorded(t, "results")
		run.(*v1.PipelineRun).Status.Conditions = nil
		undone(others[0].(*v1.TaskRun), c.reason, c.message)
		if c.warning != nil {
			others = append(others, c.warning)
		}
		s, err := cluster.StatusOf(run, others...)
		require.NoError(t, err)
		made, _ := s.Task("make")
		assert.Equal(t, cluster.StateWaiting, made.State)
		assert.Equal(t, c.want, made.Runs[0].Waiting, c.message)
		var told []cluster.Reason
		for _, e := range s.History() {
			if e.Type == cluster.EventTaskWaiting {
				told = append(told, cluster.Reason{Reason: e.Reason, Message: e.Message})
			}
		}
		assert.Equal(t, c.want, told)
	}
}

// A failure includes what kept the task from starting.
func TestWaited(t *testing.T) {
	run, others := recorded(t, "results")
	made := others[0].(*v1.TaskRun)
	undone(made, "CreateContainerConfigError", "Failed to create pod due to config error")
	made.Status.Conditions[0].Status = corev1.ConditionFalse
	pr := run.(*v1.PipelineRun)
	pr.Status.Conditions[0].Status, pr.Status.Conditions[0].Reason = corev1.ConditionFalse, "Failed"
	s, err := cluster.StatusOf(pr, append(others, &corev1.Event{
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "e2e", Name: "results-make-pod"},
		Type:           corev1.EventTypeWarning, Reason: "Failed", Message: `Error: secret "token" not found`,
	})...)
	require.NoError(t, err)
	assert.EqualError(t, cluster.OutcomeOf(s).Err(), `PipelineRun "results" failed
	task "make" failed: CreateContainerConfigError: Failed to create pod due to config error
		TaskRun "results-make"
		was waiting: Failed: Error: secret "token" not found`)
}

// The failure of a task that timed out before it started includes what it was
// waiting for, and no step.
func TestTimedOutWaiting(t *testing.T) {
	run, others := recorded(t, "timeouts-task")
	tr := others[0].(*v1.TaskRun)
	tr.Status.Steps[0].Terminated.StartedAt = metav1.Time{}
	s, err := cluster.StatusOf(run, append(others, &corev1.Event{
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: "e2e", Name: tr.Status.PodName},
		Type:           corev1.EventTypeWarning, Reason: "FailedScheduling", Message: "0/1 nodes are available",
	})...)
	require.NoError(t, err)
	assert.EqualError(t, cluster.OutcomeOf(s).Err(), `PipelineRun "timeouts" failed
	task "slow" timed out: the limit of 4s set by the timeout of task "slow"
		TaskRun "timeouts-slow"
		was waiting: FailedScheduling: 0/1 nodes are available`)
	for _, e := range s.History() {
		assert.Empty(t, e.Step, e.String())
	}
}

// A run that is pending by its spec.status, or while its pipelineRef is resolved.
func TestRunWaiting(t *testing.T) {
	s, err := cluster.StatusOf(&v1.PipelineRun{Spec: v1.PipelineRunSpec{Status: v1.PipelineRunSpecStatusPending}})
	require.NoError(t, err)
	assert.Equal(t, cluster.StateWaiting, s.State)
	assert.Equal(t, []cluster.Reason{{Reason: "PipelineRunPending", Message: "spec.status keeps the run pending: remove it"}}, s.Waiting)
	s, err = cluster.StatusOf(&v1.TaskRun{Spec: v1.TaskRunSpec{Status: v1.TaskRunSpecStatusPending}})
	require.NoError(t, err)
	assert.Equal(t, cluster.StateWaiting, s.State)
	s, err = cluster.StatusOf(&v1.PipelineRun{})
	require.NoError(t, err)
	assert.Equal(t, cluster.StatePending, s.State)
	assert.Empty(t, s.History())
	assert.EqualError(t, cluster.OutcomeOf(s).Err(), `PipelineRun "" has not ended`)
}

// A CustomRun is reported like other runs of tasks.
func TestCustomRun(t *testing.T) {
	run, _ := recorded(t, "results")
	pr := run.(*v1.PipelineRun)
	custom := &v1beta1.CustomRun{ObjectMeta: metav1.ObjectMeta{
		Name: "results-make", Namespace: pr.Namespace,
		Labels:          map[string]string{"tekton.dev/pipelineTask": "make"},
		OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(pr, v1.SchemeGroupVersion.WithKind("PipelineRun"))},
	}}
	pr.Status.ChildReferences = nil
	for _, c := range []struct {
		status corev1.ConditionStatus
		reason string
		asked  v1beta1.CustomRunSpecStatusMessage
		want   cluster.State
	}{
		{"", "", "", cluster.StatePending},
		{corev1.ConditionUnknown, "Running", "", cluster.StateRunning},
		{corev1.ConditionTrue, "Succeeded", "", cluster.StateSucceeded},
		{corev1.ConditionFalse, "Broken", "", cluster.StateFailed},
		{corev1.ConditionFalse, "CustomRunCancelled", "", cluster.StateCancelled},
		{corev1.ConditionFalse, "CustomRunCancelled", v1beta1.CustomRunCancelledByPipelineTimeoutMsg, cluster.StateTimedOut},
		{corev1.ConditionFalse, "CustomRunTimedOut", "", cluster.StateTimedOut},
	} {
		custom.Spec.StatusMessage = c.asked
		custom.Status.Conditions = nil
		if c.status != "" {
			custom.Status.Conditions = append(custom.Status.Conditions, conditionOf(c.status, c.reason))
		}
		s, err := cluster.StatusOf(pr, custom)
		require.NoError(t, err)
		made, _ := s.Task("make")
		assert.Equal(t, c.want, made.State, c.reason)
		assert.Equal(t, cluster.KindCustomRun, made.Runs[0].Kind)
	}
}

func TestRunErrorAs(t *testing.T) {
	run, others := recorded(t, "failure")
	s, err := cluster.StatusOf(run, others...)
	require.NoError(t, err)
	o := cluster.OutcomeOf(s)
	var failed *cluster.RunError
	require.ErrorAs(t, fmt.Errorf("deploy: %w", o.Err()), &failed)
	require.Len(t, failed.Outcome.Failures, 1)
	f := failed.Outcome.Failures[0]
	f.Log = []string{"one", "two"}
	f.Position = diag.Position{File: "main.go", Line: 14}
	golden.Check(t, "testdata/runs/failure-log.txt", []byte(f.String()+"\n"))
}

func conditionOf(status corev1.ConditionStatus, reason string) apis.Condition {
	return apis.Condition{Type: apis.ConditionSucceeded, Status: status, Reason: reason}
}

// Until the pod of a new attempt has started, the status has the steps of the
// previous one, which are ignored.
func TestStepsLeftOver(t *testing.T) {
	for _, name := range []string{"taskrun", "taskrun-node"} { // with and without IDs of containers
		run, _ := recorded(t, name)
		tr := run.(*v1.TaskRun)
		undone(tr, "ToBeRetried", "")
		tr.Status.Steps, tr.Status.StartTime, tr.Status.PodName = tr.Status.RetriesStatus[0].Steps, nil, ""
		s, err := cluster.StatusOf(tr)
		require.NoError(t, err)
		for _, step := range s.Tasks[0].Runs[0].Steps {
			assert.Equal(t, cluster.StatePending, step.State, step.Name)
		}
		for _, e := range s.History() {
			assert.LessOrEqual(t, e.Attempt, 1, e.String())
		}
	}
}

// All containers of a pod start together: a step has started when those before it
// have ended, regardless of its container.
func TestStepsInTurn(t *testing.T) {
	run, others := recorded(t, "failure")
	tr := others[1].(*v1.TaskRun)
	require.Equal(t, "failure-middle", tr.Name)
	states := tr.Status.Steps
	undone(tr, string(v1.TaskRunReasonRunning), "")
	tr.Status.Steps = states
	begun := metav1.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	prepare, broken := &tr.Status.Steps[0], &tr.Status.Steps[1]
	steps := func() []cluster.StepStatus {
		s, err := cluster.StatusOf(run, others...)
		require.NoError(t, err)
		middle, _ := s.Task("middle")
		return middle.Runs[0].Steps
	}
	told := func() (types []string) {
		s, err := cluster.StatusOf(run, others...)
		require.NoError(t, err)
		for _, e := range s.History() {
			if e.Attempt == 3 && e.Step != "" {
				types = append(types, e.Step+" "+string(e.Type))
			}
		}
		return types
	}
	for _, s := range []*v1.StepState{prepare, broken} {
		s.ContainerState = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: begun}}
	}
	assert.Equal(t, cluster.StateRunning, steps()[0].State)
	assert.Equal(t, cluster.StatePending, steps()[1].State)
	assert.Zero(t, steps()[1].Started)
	assert.Equal(t, []string{"prepare StepStarted"}, told())

	ended := metav1.NewTime(begun.Add(7 * time.Second))
	prepare.ContainerState = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{StartedAt: begun, FinishedAt: ended, Reason: "Completed"}}
	assert.Equal(t, cluster.StateRunning, steps()[1].State)
	assert.Equal(t, ended.Time, steps()[1].Started, "not before the one before ended")
	assert.Equal(t, []string{"prepare StepStarted", "prepare StepFinished", "break StepStarted"}, told())
}

// A task can time out with its run before the status of the run shows it.
func TestTimeoutBeforeRun(t *testing.T) {
	run, others := recorded(t, "timeouts-pipeline")
	pr := run.(*v1.PipelineRun)
	pr.Status.CompletionTime = nil
	pr.Status.Conditions[0] = conditionOf(corev1.ConditionUnknown, "Running")
	s, err := cluster.StatusOf(run, others...)
	require.NoError(t, err)
	slow, _ := s.Task("slow")
	assert.Equal(t, &cluster.Timeout{Field: "spec.timeouts.pipeline", Limit: 4 * time.Second}, slow.Runs[0].Timeout)
}
