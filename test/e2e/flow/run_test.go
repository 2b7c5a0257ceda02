package flow

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// TestOverrides proves that what a run says of all its tasks, and of one,
// reaches their pods.
func TestOverrides(t *testing.T) {
	p := builder.NewPipeline("overrides")
	builder.Add(p, "plain", Work{})
	other := builder.Add(p, "other", Work{})
	r := p.Run("overrides-1").ServiceAccount("runner").FSGroup(1234).Label("team", "ci").
		TaskRunSpec(other, builder.TaskRunSpec{ServiceAccount: "special", Timeout: 7 * time.Minute, CPU: "20m", Memory: "32Mi",
			Pod: pod.Template{NodeSelector: map[string]string{"disk": "fast"}}})

	run := start(t, r, infra.NewServiceAccount("runner"), infra.NewServiceAccount("special"))
	c := harness.Get(t)
	pods := map[string]*corev1.Pod{}
	held := run.Running("other", "plain")
	for _, h := range held {
		got, err := c.Core.CoreV1().Pods(h.Run.Namespace).Get(t.Context(), h.Run.Status.PodName, metav1.GetOptions{})
		require.NoError(t, err)
		pods[h.Task] = got
		assert.Equal(t, "ci", got.Labels["team"])
		require.NotNil(t, got.Spec.SecurityContext.FSGroup)
		assert.Equal(t, int64(1234), *got.Spec.SecurityContext.FSGroup)
	}
	assert.Equal(t, "runner", pods["plain"].Spec.ServiceAccountName)
	assert.Empty(t, pods["plain"].Spec.NodeSelector)
	assert.Equal(t, "special", pods["other"].Spec.ServiceAccountName)
	assert.Equal(t, map[string]string{"disk": "fast"}, pods["other"].Spec.NodeSelector)
	requests := corev1.ResourceList{}
	for _, c := range pods["other"].Spec.Containers {
		for name, q := range c.Resources.Requests {
			sum := requests[name]
			sum.Add(q)
			requests[name] = sum
		}
	}
	assert.Equal(t, []string{"20m", "32Mi"}, []string{requests.Cpu().String(), requests.Memory().String()})
	assert.Equal(t, 7*time.Minute, held[0].Run.Spec.Timeout.Duration)
	held[0].Succeed(nil)
	held[1].Succeed(nil)
	assert.True(t, run.Over().Status.GetCondition("Succeeded").IsTrue())
}

// Login is a step that tasks share.
type Login struct{ Account builder.TaskString }

// LoggedIn is what Login leaves behind.
type LoggedIn struct {
	*builder.Step
	Token builder.TaskString
}

func (Login) StepActionName() string { return "login" }

func (l Login) Define(a *builder.StepAction) LoggedIn {
	account, token := a.Param("account", l.Account), a.Result("token")
	a.Image("registry.local/cloud:3").Env("ACCOUNT", account).Script(`login "$ACCOUNT" > ` + token.Path())
	return LoggedIn{a.Step(), token.Value()}
}

// TestStepAction proves that a StepAction gets its arguments, and that its
// result is handed to the step that takes it.
func TestStepAction(t *testing.T) {
	p := builder.NewPipeline("actions")
	account := p.Param("account")
	p.AddInline("upload", func(t *builder.Task) {
		login := builder.AddStepAction(t, "login", Login{Account: t.Param("account", account)})
		t.Step("upload").Image(image).Env("TOKEN", login.Token).Script("upload")
	})
	run := start(t, p.Run("actions-1", account.Set("ada")))
	held := run.Running("upload")[0]
	c := harness.Get(t)
	got, err := c.Core.CoreV1().Pods(held.Run.Namespace).Get(t.Context(), held.Run.Status.PodName, metav1.GetOptions{})
	require.NoError(t, err)
	env := map[string]string{}
	var images []string
	for _, container := range got.Spec.Containers {
		images = append(images, container.Image)
		for _, e := range container.Env {
			env[e.Name] = e.Value
		}
	}
	assert.Equal(t, []string{"registry.local/cloud:3", "registry.local/tool:1"}, images)
	assert.Equal(t, "ada", env["ACCOUNT"])
	assert.Equal(t, "$(steps.login.results.token)", env["TOKEN"]) // which the entrypoint fills in
	held.Succeed(nil)
	assert.True(t, run.Over().Status.GetCondition("Succeeded").IsTrue())
}

// Approval is a custom task, whose controller the test stands for.
type Approval struct{ Who builder.String }

// Approved is what Approval leaves behind.
type Approved struct {
	*builder.PipelineTask
	By builder.String
}

func (Approval) TaskName() string { return "approval" }

func (a Approval) Define(t *builder.Task) Approved {
	t.Param("who", a.Who)
	by := t.Result("by")
	t.Custom("example.com/v1", "Approval", map[string]any{"votes": 2})
	return Approved{t.PipelineTask(), by.Value()}
}

// TestCustom proves that a custom task becomes a CustomRun with its spec and
// arguments, and that the run waits for it and takes its result.
func TestCustom(t *testing.T) {
	p := builder.NewPipeline("custom")
	approval := builder.Add(p, "approval", Approval{Who: "ada"})
	builder.Add(p, "behind", Work{In: builder.Strings(approval.By)})
	run := start(t, p.Run("custom-1"))

	custom := harness.Get(t).Tekton.TektonV1beta1().CustomRuns(run.Namespace())
	var found v1beta1.CustomRun
	require.Eventually(t, func() bool {
		list, err := custom.List(t.Context(), metav1.ListOptions{})
		if err != nil || len(list.Items) != 1 {
			return false
		}
		found = list.Items[0]
		return true
	}, time.Minute, 100*time.Millisecond)
	require.NotNil(t, found.Spec.CustomSpec)
	assert.Equal(t, "Approval", found.Spec.CustomSpec.Kind)
	assert.JSONEq(t, `{"votes":2}`, string(found.Spec.CustomSpec.Spec.Raw))
	assert.Equal(t, "ada", found.Spec.Params[0].Value.StringVal)
	assert.Empty(t, run.Ran())
	status, err := json.Marshal(map[string]any{"status": map[string]any{
		"conditions": []map[string]any{{"type": "Succeeded", "status": "True", "reason": "Approved", "lastTransitionTime": found.CreationTimestamp}},
		"results":    []map[string]any{{"name": "by", "value": "grace"}},
	}})
	require.NoError(t, err)
	_, err = custom.Patch(t.Context(), found.Name, types.MergePatchType, status, metav1.PatchOptions{}, "status")
	require.NoError(t, err)
	behind := run.Running("behind")[0]
	assert.Equal(t, []string{"grace"}, behind.Params()["in"].ArrayVal)
	behind.Succeed(nil)
	assert.True(t, run.Over().Status.GetCondition("Succeeded").IsTrue())
}

// TestFollow proves that what the library tells of a run is what happened.
func TestFollow(t *testing.T) {
	t.Parallel()
	c := harness.Get(t)
	c.Needs(t, harness.ControlPlane)
	harness.StandsIn(t, "a kubelet that ends pods without running them")
	p := builder.NewPipeline("told")
	made := builder.Add(p, "make", Make{})
	builder.AddMatrix(p, "fan", Shard{Part: builder.Each(made.List), System: made.Text})
	no := builder.Add(p, "no", Work{})
	no.When(made.Text.In("never"))
	builder.AddFinally(p, "last", Take{Text: made.Text})
	p.ObjectResult("map", made.Map)

	handle, err := c.Client.Start(t.Context(), manifest.New(p.Run("told-1")).Namespace(c.Namespace(t)),
		cluster.StartOptions{Apply: &cluster.ApplyOptions{}})
	require.NoError(t, err)
	var told []string
	outcome, err := handle.Follow(t.Context(), cluster.FollowOptions{Events: func(e cluster.Event) {
		switch e.Type {
		case cluster.EventTaskStarted, cluster.EventTaskFinished, cluster.EventTaskSkipped:
			told = append(told, string(e.Type)+" "+e.Task)
		}
	}})
	require.NoError(t, err)
	require.NoError(t, outcome.Err())
	assert.Equal(t, string(pipelinev1.PipelineRunReasonCompleted), outcome.Reason)
	assert.ElementsMatch(t, []string{
		"TaskStarted make", "TaskFinished make", "TaskSkipped no", "TaskStarted fan", "TaskFinished fan", "TaskStarted last", "TaskFinished last",
	}, told)
	require.Len(t, outcome.Results, 1)
	assert.Equal(t, map[string]string{"url": "fake-map-url", "digest": "fake-map-digest"}, outcome.Results[0].Value.ObjectVal)
}
