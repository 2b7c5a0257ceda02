package simulate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"knative.dev/pkg/controller"
)

// maxSteps bounds how often objects are reconciled in one simulation, and maxErrors how
// often in a row this may fail for one object.
const (
	maxSteps  = 20_000
	maxErrors = 5
)

// key is an object to reconcile.
type key struct{ kind, name string }

// timer is something that happens at a time.
type timer struct {
	at   time.Time
	do   func() error
	wake key // if do is nil
}

// machine runs the controllers until nothing happens any more: it has their work queue, and
// takes the place of the kubelet and of the controllers of custom tasks.
type machine struct {
	*cluster
	*controllers
	plan   *plan
	script *Script

	queue  []key
	busy   key     // what is being reconciled
	timers []timer // in the order in which they were set
	root   key
	errors map[key]int

	prefix map[string]string                // of the paths of the tasks in a PipelineRun, by its name
	copies map[[2]string]int                // how many runs a task has, by PipelineRun and task
	number map[string]int                   // of the combination, by the name of the run
	stuck  map[string]*stuck                // by PipelineRun
	whens  map[[2]string]v1.WhenExpressions // with which tasks were decided, by PipelineRun and task
	failed error                            // of something that only the machine does

	inserted    map[string]int // how much Tekton inserts into each run, by kind and name
	insertedAll int
	variables   map[string]inserts // of each run, by kind and name
}

// newMachine makes a cluster in which the objects of the plan exist, and in which the run
// begins.
func newMachine(p *plan, script *Script) (*machine, error) {
	c := newCluster()
	m := &machine{
		cluster: c, controllers: newControllers(c, p.config), plan: p, script: script,
		errors: map[key]int{}, prefix: map[string]string{}, copies: map[[2]string]int{}, number: map[string]int{},
		stuck: map[string]*stuck{}, whens: map[[2]string]v1.WhenExpressions{}, inserted: map[string]int{}, variables: map[string]inserts{},
	}
	for _, o := range p.objects {
		if err := c.tekton.Tracker().Add(o); err != nil {
			return nil, errorf("%w", err)
		}
	}
	c.admit = func(o runtime.Object) error { return p.admit(o) }
	c.changed = m.onChange
	return m, nil
}

// begin creates the run.
func (m *machine) begin() error {
	ctx := context.Background()
	switch run := m.plan.run.DeepCopyObject().(type) {
	case *v1.PipelineRun:
		m.root = key{"PipelineRun", run.Name}
		m.prefix[run.Name] = ""
		_, err := m.tekton.TektonV1().PipelineRuns(run.Namespace).Create(ctx, run, metav1.CreateOptions{})
		return err
	case *v1.TaskRun:
		m.root = key{"TaskRun", run.Name}
		_, err := m.tekton.TektonV1().TaskRuns(run.Namespace).Create(ctx, run, metav1.CreateOptions{})
		return err
	}
	return errorf("not a run: %T", m.plan.run)
}

// play lets the run go to its end.
func (m *machine) play() error {
	if c := m.script.Cancel; c != nil {
		m.after(time.Duration(c.After), m.cancel)
	}
	for steps := 0; ; steps++ {
		if steps > maxSteps {
			return errorf("%s does not come to an end after %d steps", m.root.name, maxSteps)
		}
		if m.failed != nil {
			return m.failed
		}
		if len(m.queue) > 0 {
			k := m.queue[0]
			m.queue = m.queue[1:]
			if err := m.reconcile(k); err != nil {
				return err
			}
			continue
		}
		m.findStuck()
		if m.over() || !m.advance() {
			return m.failed
		}
	}
}

// advance lets time pass until something happens, and reports whether anything will. What
// happens at the same time does so before a controller sees any of it.
func (m *machine) advance() bool {
	if len(m.timers) == 0 {
		return false
	}
	next := slices.MinFunc(m.timers, func(a, b timer) int { return a.at.Compare(b.at) }).at
	var due []timer
	m.timers = slices.DeleteFunc(m.timers, func(t timer) bool {
		if t.at.After(next) {
			return false
		}
		due = append(due, t)
		return true
	})
	if next.After(m.clock.Now()) {
		m.clock.SetTime(next)
	}
	for _, t := range due {
		if t.do == nil {
			m.enqueue(t.wake)
		} else if err := t.do(); err != nil && m.failed == nil {
			m.failed = err
		}
	}
	return true
}

// over reports whether the run is over.
func (m *machine) over() bool {
	if m.root.kind == "TaskRun" {
		tr := m.taskRun(m.root.name)
		return tr != nil && tr.IsDone()
	}
	pr := m.pipelineRun(m.root.name)
	return pr != nil && pr.IsDone()
}

func (m *machine) after(d time.Duration, do func() error) {
	m.timers = append(m.timers, timer{at: m.clock.Now().Add(d), do: do})
}

func (m *machine) enqueue(k key) {
	if !slices.Contains(m.queue, k) {
		m.queue = append(m.queue, k)
	}
}

// reconcile lets the controller look at the object.
func (m *machine) reconcile(k key) error {
	of := m.pipelineRuns
	if k.kind == "TaskRun" {
		of = m.taskRuns
	}
	if err := m.inserting(k); err != nil {
		return err
	}
	// A look is only kept for the latest one, as by the queue of the controller.
	m.timers = slices.DeleteFunc(m.timers, func(t timer) bool { return t.do == nil && t.wake == k })
	m.busy = k
	if k.kind == "PipelineRun" {
		delete(m.invalid, k.name)
	}
	err := of.Reconcile(m.ctx, m.plan.namespace+"/"+k.name)
	m.busy = key{}
	again, wait := controller.IsRequeueKey(err)
	switch {
	case again:
		m.errors[k] = 0
		m.timers = append(m.timers, timer{at: m.clock.Now().Add(max(wait, time.Nanosecond)), wake: k})
	case err == nil, controller.IsPermanentError(err), controller.IsSkipKey(err):
		m.errors[k] = 0
	default:
		if m.errors[k]++; m.errors[k] > maxErrors {
			return errorf("Tekton's controller cannot go on with %s %s: %w", k.kind, k.name, err)
		}
		m.enqueue(k)
	}
	return nil
}

// onChange is what the informers of the controllers do, and what the kubelet does with a
// new pod.
func (m *machine) onChange(resource string, o metav1.Object, old runtime.Object) {
	owner := metav1.GetControllerOf(o)
	enqueueOwner := func(kind string) {
		if owner != nil && owner.Kind == kind {
			m.enqueue(key{kind, owner.Name})
		}
	}
	if old == nil && owner != nil && owner.Kind == "PipelineRun" {
		task := o.GetLabels()[pipeline.PipelineTaskLabelKey]
		of := [2]string{owner.Name, task}
		m.copies[of]++
		m.number[resource+"/"+o.GetName()] = m.copies[of]
		if resource == "pipelineruns" {
			m.prefix[o.GetName()] = m.prefix[owner.Name] + task + "/"
		}
	}
	switch resource {
	case "pipelineruns":
		if pr, ok := o.(*v1.PipelineRun); ok {
			m.keepWhens(pr)
		}
		m.enqueue(key{"PipelineRun", o.GetName()})
		enqueueOwner("PipelineRun")
	case "taskruns":
		// What the controller itself writes would only make it look once more and find
		// nothing to do, unless it starts another attempt.
		if k := (key{"TaskRun", o.GetName()}); k != m.busy || retried(o, old) {
			m.enqueue(k)
		}
		enqueueOwner("PipelineRun")
	case "customruns":
		enqueueOwner("PipelineRun")
		if r, ok := o.(*v1beta1.CustomRun); ok {
			m.customRun(r, old == nil)
		}
	case "pods":
		if owner != nil && m.busy != (key{"TaskRun", owner.Name}) {
			enqueueOwner("TaskRun")
		}
		if old == nil && owner != nil {
			m.runPod(o.GetName(), owner.Name)
		}
	}
}

// retried reports whether the TaskRun has been given another attempt.
func retried(o metav1.Object, old runtime.Object) bool {
	tr, _ := o.(*v1.TaskRun)
	before, _ := old.(*v1.TaskRun)
	return tr != nil && before != nil && len(tr.Status.RetriesStatus) > len(before.Status.RetriesStatus)
}

// cancel cancels the run.
func (m *machine) cancel() error {
	if m.over() {
		return nil
	}
	mode, ctx := m.script.Cancel.Mode, context.Background()
	if m.root.kind == "TaskRun" {
		patch := fmt.Sprintf(`{"spec":{"status":%q}}`, v1.TaskRunSpecStatusCancelled)
		_, err := m.tekton.TektonV1().TaskRuns(m.plan.namespace).Patch(ctx, m.root.name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
		return err
	}
	if mode == "" {
		mode = v1.PipelineRunSpecStatusCancelled
	}
	patch := fmt.Sprintf(`{"spec":{"status":%q}}`, mode)
	_, err := m.tekton.TektonV1().PipelineRuns(m.plan.namespace).Patch(ctx, m.root.name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
	return err
}

// cached returns an object of a cache, or nil.
func cached[T any](m *machine, resource, name string) *T {
	o, ok, err := m.caches[resource].GetByKey(m.plan.namespace + "/" + name)
	if err != nil || !ok {
		return nil
	}
	typed, _ := o.(*T)
	return typed
}

func (m *machine) pipelineRun(name string) *v1.PipelineRun {
	return cached[v1.PipelineRun](m, "pipelineruns", name)
}
func (m *machine) taskRun(name string) *v1.TaskRun { return cached[v1.TaskRun](m, "taskruns", name) }
func (m *machine) pod(name string) *corev1.Pod     { return cached[corev1.Pod](m, "pods", name) }
func (m *machine) custom(name string) *v1beta1.CustomRun {
	return cached[v1beta1.CustomRun](m, "customruns", name)
}
