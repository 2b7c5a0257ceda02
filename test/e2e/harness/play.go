package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
	"knative.dev/pkg/apis"
)

// patience is how long a test waits for Tekton to do what it must do next.
const patience = 90 * time.Second

// Play is a run in which the test stands for the kubelet: no pod is scheduled
// anywhere, each waits until the test ends it. So the test sees which tasks run
// at the same time, and decides how each ends and what it leaves, without a
// clock. It works on any cluster.
type Play struct {
	t       *testing.T
	c       *Cluster
	ns      string
	name    string
	mu      sync.Mutex
	changed chan struct{} // closed by each event
	tasks   map[string]*pipelinev1.TaskRun
	runs    map[string]*pipelinev1.PipelineRun
	ended   map[string]bool // pods, by name
}

// hang keeps the stand-in kubelet of the control-plane tier from ending a pod.
const hang = `{"hang":true}`

// Hold changes a PipelineRun or TaskRun so that its pods wait for the test.
func Hold(t *testing.T, run *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	run = run.DeepCopy()
	template := []string{"spec", "taskRunTemplate", "podTemplate", "schedulerName"}
	if run.GetKind() == "TaskRun" {
		template = []string{"spec", "podTemplate", "schedulerName"}
	}
	require.NoError(t, unstructured.SetNestedField(run.Object, "nobody", template...))
	annotations := maps.Clone(run.GetAnnotations())
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations["cluster.tekwright.dev/fake"] = hang
	run.SetAnnotations(annotations)
	return run
}

// Play creates a PipelineRun or a TaskRun whose pods wait for the test.
func (c *Cluster) Play(t *testing.T, run *unstructured.Unstructured) *Play {
	t.Helper()
	StandsIn(t, "the test ends the pods; no step runs")
	p := &Play{t: t, c: c, ns: run.GetNamespace(), changed: make(chan struct{}),
		tasks: map[string]*pipelinev1.TaskRun{}, runs: map[string]*pipelinev1.PipelineRun{}, ended: map[string]bool{}}
	tekton := c.Tekton.TektonV1()
	p.watch(func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
		return tekton.TaskRuns(p.ns).List(ctx, o)
	}, func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
		return tekton.TaskRuns(p.ns).Watch(ctx, o)
	})
	p.watch(func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
		return tekton.PipelineRuns(p.ns).List(ctx, o)
	}, func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
		return tekton.PipelineRuns(p.ns).Watch(ctx, o)
	})
	made, err := c.Create(t.Context(), Hold(t, run))
	require.NoError(t, err)
	p.name = made.GetName()
	return p
}

// watch keeps what there is of a kind, from now on.
func (p *Play) watch(list func(context.Context, metav1.ListOptions) (runtime.Object, error),
	follow func(context.Context, metav1.ListOptions) (watch.Interface, error),
) {
	p.t.Helper()
	ctx := p.t.Context()
	now, err := list(ctx, metav1.ListOptions{})
	require.NoError(p.t, err)
	l, err := meta.ListAccessor(now)
	require.NoError(p.t, err)
	w, err := watchtools.NewRetryWatcherWithContext(ctx, l.GetResourceVersion(), &cache.ListWatch{WatchFuncWithContext: follow})
	require.NoError(p.t, err)
	done := make(chan struct{})
	p.t.Cleanup(func() { w.Stop(); <-done })
	go func() {
		defer close(done)
		for e := range w.ResultChan() {
			p.see(e)
		}
	}()
}

func (p *Play) see(e watch.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch o := e.Object.(type) {
	case *pipelinev1.TaskRun:
		p.tasks[o.Name] = o
	case *pipelinev1.PipelineRun:
		p.runs[o.Name] = o
	default:
		return
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

// await waits until the condition holds of what has been seen; an error ends
// the test. The condition is called with the lock held.
func (p *Play) await(what string, holds func() (bool, error)) {
	p.t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		p.mu.Lock()
		ok, err := holds()
		changed, state := p.changed, p.state()
		p.mu.Unlock()
		require.NoError(p.t, err, "%s", state)
		if ok {
			return
		}
		select {
		case <-changed:
		case <-limit.C:
			require.FailNow(p.t, "waited in vain for "+what, state)
		case <-p.t.Context().Done():
			require.FailNow(p.t, "the test ended while it waited for "+what, state)
		}
	}
}

// Held is a task whose pod waits for the test.
type Held struct {
	Task string // in the pipeline; "outer/inner" in a nested one, the TaskRun's name without a pipeline
	Run  *pipelinev1.TaskRun
	play *Play
}

// Params are the arguments that the task was given.
func (h *Held) Params() map[string]pipelinev1.ParamValue {
	out := map[string]pipelinev1.ParamValue{}
	for _, p := range h.Run.Spec.Params {
		out[p.Name] = p.Value
	}
	return out
}

// Text is a string argument.
func (h *Held) Text(name string) string { return h.Params()[name].StringVal }

// where is the place of a TaskRun, or of a nested PipelineRun, in the run;
// false if it is of another run, or its parent is not yet seen.
func (p *Play) where(o metav1.Object) (string, bool) {
	if o.GetName() == p.name {
		return p.name, true
	}
	task := o.GetLabels()["tekton.dev/pipelineTask"]
	for _, owner := range o.GetOwnerReferences() {
		if owner.Name == p.name {
			return task, true
		}
		if parent := p.runs[owner.Name]; parent != nil && owner.Kind == "PipelineRun" {
			if outer, ok := p.where(parent); ok {
				return outer + "/" + task, true
			}
		}
	}
	return "", false
}

// held are the tasks with a pod that waits, and the names of those that have
// begun and not ended, pod or not.
func (p *Play) held() (out []*Held, begun []string) {
	for _, name := range slices.Sorted(maps.Keys(p.tasks)) {
		r := p.tasks[name]
		where, ok := p.where(r)
		if !ok || r.IsDone() {
			continue
		}
		begun = append(begun, where)
		if p.waits(r) {
			out = append(out, &Held{where, r, p})
		}
	}
	slices.Sort(begun)
	slices.SortStableFunc(out, func(a, b *Held) int {
		if c := strings.Compare(a.Task, b.Task); c != 0 {
			return c
		}
		return strings.Compare(textOf(a.Run.Spec.Params), textOf(b.Run.Spec.Params))
	})
	return out, begun
}

// waits tells whether the TaskRun has a pod that the test has not ended. Where
// a stand-in kubelet is at work, it must have let go of the pod.
func (p *Play) waits(r *pipelinev1.TaskRun) bool {
	if r.Status.PodName == "" || p.ended[r.Status.PodName] {
		return false
	}
	condition := r.Status.GetCondition(apis.ConditionSucceeded)
	return p.c.Tier != ControlPlane || condition != nil && condition.Reason == string(pipelinev1.TaskRunReasonRunning)
}

func textOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Running waits until exactly these tasks run, each as often as it is named,
// and returns them, by name and then by arguments. A task that has begun and is
// not among them is an error at once.
func (p *Play) Running(tasks ...string) []*Held {
	p.t.Helper()
	want := slices.Sorted(slices.Values(tasks))
	var out []*Held
	p.await(fmt.Sprintf("the tasks %v to run", want), func() (bool, error) {
		held, begun := p.held()
		left := slices.Clone(want)
		for _, b := range begun {
			i := slices.Index(left, b)
			if i < 0 {
				return false, fmt.Errorf("%q has begun; of those that have not ended only %v should; all that have begun: %v", b, want, begun)
			}
			left = slices.Delete(left, i, i+1)
		}
		var names []string
		for _, h := range held {
			names = append(names, h.Task)
		}
		out = held
		return slices.Equal(names, want), nil
	})
	return out
}

// Next waits until this task runs, whatever else does or did, and returns it.
func (p *Play) Next(task string) *Held {
	p.t.Helper()
	var out *Held
	p.await(fmt.Sprintf("the task %q to run", task), func() (bool, error) {
		held, _ := p.held()
		for _, h := range held {
			if h.Task == task {
				out = h
			}
		}
		return out != nil, nil
	})
	return out
}

// state tells how the run and its tasks are, for those who read of a failure.
func (p *Play) state() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p.runs)) {
		fmt.Fprintf(&b, "PipelineRun %s: %s\n", name, conditionText(p.runs[name].Status.GetCondition(apis.ConditionSucceeded)))
	}
	for _, name := range slices.Sorted(maps.Keys(p.tasks)) {
		fmt.Fprintf(&b, "TaskRun %s: %s\n", name, conditionText(p.tasks[name].Status.GetCondition(apis.ConditionSucceeded)))
	}
	return b.String()
}

func conditionText(c *apis.Condition) string {
	if c == nil {
		return "nothing known"
	}
	return fmt.Sprintf("%s %s: %s", c.Status, c.Reason, c.Message)
}

// Results are what a task leaves: string, []string, or map[string]string.
type Results map[string]any

// Succeed ends the task's pod with success, and waits until Tekton knows. A
// declared result that is not given gets a value made of its name.
func (h *Held) Succeed(results Results) {
	h.play.t.Helper()
	all := Results{}
	if h.Run.Status.TaskSpec != nil {
		for _, r := range h.Run.Status.TaskSpec.Results {
			all[r.Name] = made(r)
		}
	}
	maps.Copy(all, results)
	h.end(0, all)
}

func made(r pipelinev1.TaskResult) any {
	switch r.Type {
	case pipelinev1.ResultsTypeArray:
		return []string{"made-" + r.Name, "up"}
	case pipelinev1.ResultsTypeObject:
		keys := map[string]string{}
		for k := range r.Properties {
			keys[k] = "made-" + r.Name + "-" + k
		}
		return keys
	}
	return "made-" + r.Name
}

// Fail ends the last step of the task's pod with an exit code other than 0,
// and waits until Tekton knows.
func (h *Held) Fail(code int32) {
	h.play.t.Helper()
	h.end(code, nil)
}

func (h *Held) end(code int32, results Results) {
	p := h.play
	p.t.Helper()
	name := h.Run.Status.PodName
	pod, err := p.c.Core.CoreV1().Pods(p.ns).Get(p.t.Context(), name, metav1.GetOptions{})
	require.NoError(p.t, err)
	p.mu.Lock()
	p.ended[name] = true
	p.mu.Unlock()
	patch, err := json.Marshal(map[string]any{"status": over(pod, code, results)})
	require.NoError(p.t, err)
	_, err = p.c.Core.CoreV1().Pods(p.ns).Patch(p.t.Context(), name, types.MergePatchType, patch, metav1.PatchOptions{}, "status")
	require.NoError(p.t, err)
	p.await(fmt.Sprintf("the end of task %q", h.Task), func() (bool, error) {
		now := p.tasks[h.Run.Name]
		return now.IsDone() || now.Status.PodName != name, nil
	})
}

// Only is the task of that name, which runs once.
func Only(t *testing.T, held []*Held, task string) *Held {
	t.Helper()
	var found []*Held
	for _, h := range held {
		if h.Task == task {
			found = append(found, h)
		}
	}
	require.Len(t, found, 1, "tasks %q that run", task)
	return found[0]
}

// Over waits until the PipelineRun has ended, and returns it.
func (p *Play) Over() *pipelinev1.PipelineRun {
	p.t.Helper()
	p.await("the end of the run", func() (bool, error) {
		run := p.runs[p.name]
		return run != nil && run.IsDone(), nil
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.runs[p.name].DeepCopy()
}

// Drain ends every task that still runs, and those that begin then, with
// success, until the PipelineRun has ended, and returns it.
func (p *Play) Drain() *pipelinev1.PipelineRun {
	p.t.Helper()
	for {
		var held []*Held
		p.await("tasks to end, or the end of the run", func() (bool, error) {
			run := p.runs[p.name]
			held, _ = p.held()
			return len(held) > 0 || run != nil && run.IsDone(), nil
		})
		if len(held) == 0 {
			return p.Over()
		}
		for _, h := range held {
			h.Succeed(nil)
		}
	}
}

// Task is the TaskRun, as it is now, of a task that ran once.
func (p *Play) Task(name string) *pipelinev1.TaskRun {
	p.t.Helper()
	var found []*pipelinev1.TaskRun
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range slices.Sorted(maps.Keys(p.tasks)) {
		if where, ok := p.where(p.tasks[n]); ok && where == name {
			found = append(found, p.tasks[n].DeepCopy())
		}
	}
	require.Len(p.t, found, 1, "TaskRuns of task %q\n%s", name, p.state())
	return found[0]
}

// Namespace is that of the run.
func (p *Play) Namespace() string { return p.ns }

// Ran are the tasks that have a TaskRun, each as often as it has one.
func (p *Play) Ran() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, r := range p.tasks {
		if where, ok := p.where(r); ok {
			out = append(out, where)
		}
	}
	slices.Sort(out)
	return out
}
