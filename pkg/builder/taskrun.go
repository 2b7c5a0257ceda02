package builder

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TaskRun describes a TaskRun: a run of one task without a pipeline. It is made by
// [RunTask].
type TaskRun struct {
	at           place
	name         string
	prefix       bool // whether name is one
	pipelineTask *PipelineTask
	args         []Arg
	account      string
	retries      int
	timeout      *time.Duration
	pod          *pod.Template
	group        *int64
	groupPolicy  *corev1.PodFSGroupChangePolicy
	requests     []amount
	limits       []amount
	labels       []label
	annotations  []label
	embed        bool
	profile      check.Profile
	steps        []v1.TaskRunStepSpec
	sidecars     []v1.TaskRunSidecarSpec
	mutate       callsite.Changes[v1.TaskRun]
}

// RunTask returns a run of one task. The params are set to the values of the
// struct's fields, and args bind the workspaces. A name that ends in - is a
// prefix: the cluster appends a unique suffix (metadata.generateName).
//
//	src := builder.NewWorkspace("source")
//	builder.RunTask("test-", tasks.GoTest{Source: src}, src.PVC("sources"))
func RunTask[T TaskType[Out], Out TaskOutput](name string, task T, args ...Arg) *TaskRun {
	r := &TaskRun{at: callsite.Here(), name: name, args: append([]Arg(nil), args...)}
	r.pipelineTask = alone(r.at, name, diag.ObjectRef{APIVersion: v1.SchemeGroupVersion.String(), Kind: "TaskRun", Name: name})
	define[T, Out](r.pipelineTask, task)
	return r
}

// alone returns a task without a pipeline.
func alone(at place, name string, about diag.ObjectRef) *PipelineTask {
	return &PipelineTask{at: at, name: name, scope: &scope{
		owner:    handle.NewOwner(handle.Pipeline, name),
		problems: &problems{owner: about},
	}}
}

// GenerateName is like [PipelineRun.GenerateName].
func (r *TaskRun) GenerateName() *TaskRun {
	if r != nil {
		r.prefix = true
	}
	return r
}

// ServiceAccount sets the service account of the pod. The default is that of the
// cluster, which is "default" unless configured otherwise.
func (r *TaskRun) ServiceAccount(name string) *TaskRun {
	if r != nil {
		r.account = name
	}
	return r
}

// Retries sets how many times a failed task is retried. The default is 0.
func (r *TaskRun) Retries(count int) *TaskRun {
	if r != nil {
		r.retries = count
	}
	return r
}

// Timeout limits the run. The default is that of the cluster, which is one hour
// unless configured otherwise; 0 means no limit.
func (r *TaskRun) Timeout(d time.Duration) *TaskRun {
	if r != nil {
		r.timeout = &d
	}
	return r
}

// Pod sets the pod template: node selector, tolerations, security context and so
// on.
func (r *TaskRun) Pod(t pod.Template) *TaskRun {
	if r != nil {
		r.pod = t.DeepCopy()
	}
	return r
}

// FSGroup is like [PipelineRun.FSGroup].
func (r *TaskRun) FSGroup(id int64) *TaskRun {
	if r != nil {
		r.group = &id
	}
	return r
}

// Requests sets the CPU and memory requests of the whole pod, as quantities ("2",
// "4Gi"). "" sets no request.
func (r *TaskRun) Requests(cpu, memory string) *TaskRun {
	if r != nil {
		r.requests = append(r.requests, amounts(callsite.Here(), cpu, memory)...)
	}
	return r
}

// Limits sets the CPU and memory limits of the whole pod, as quantities. "" sets no
// limit.
func (r *TaskRun) Limits(cpu, memory string) *TaskRun {
	if r != nil {
		r.limits = append(r.limits, amounts(callsite.Here(), cpu, memory)...)
	}
	return r
}

// Request is like [Step.Request], for the whole pod.
func (r *TaskRun) Request(resource corev1.ResourceName, quantity string) *TaskRun {
	if r != nil {
		r.requests = append(r.requests, amount{callsite.Here(), resource, quantity})
	}
	return r
}

// Limit is like [Step.Limit], for the whole pod.
func (r *TaskRun) Limit(resource corev1.ResourceName, quantity string) *TaskRun {
	if r != nil {
		r.limits = append(r.limits, amount{callsite.Here(), resource, quantity})
	}
	return r
}

// StepResources sets the resources of a step in this run (stepSpecs).
func (r *TaskRun) StepResources(step string, resources corev1.ResourceRequirements) *TaskRun {
	if r != nil {
		r.steps = append(r.steps, v1.TaskRunStepSpec{Name: step, ComputeResources: *resources.DeepCopy()})
	}
	return r
}

// SidecarResources sets the resources of a sidecar in this run (sidecarSpecs).
func (r *TaskRun) SidecarResources(sidecar string, resources corev1.ResourceRequirements) *TaskRun {
	if r != nil {
		r.sidecars = append(r.sidecars, v1.TaskRunSidecarSpec{Name: sidecar, ComputeResources: *resources.DeepCopy()})
	}
	return r
}

// Label sets a label of the TaskRun.
func (r *TaskRun) Label(key, value string) *TaskRun {
	if r != nil {
		r.labels = append(r.labels, label{callsite.Here(), key, String(value)})
	}
	return r
}

// Annotate sets an annotation of the TaskRun.
func (r *TaskRun) Annotate(key, value string) *TaskRun {
	if r != nil {
		r.annotations = append(r.annotations, label{callsite.Here(), key, String(value)})
	}
	return r
}

// Embed embeds the task in the run (taskSpec) instead of referring to a Task object.
func (r *TaskRun) Embed() *TaskRun {
	if r != nil {
		r.embed = true
	}
	return r
}

// Mutate registers a function that changes the upstream TaskRun before it is
// checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy.
func (r *TaskRun) Mutate(change func(*v1.TaskRun)) *TaskRun {
	if r != nil {
		r.mutate.Add(callsite.Here(), change)
	}
	return r
}

// Definition describes a Task object without a pipeline or a run, for example to
// publish or test it. It is made by [Define].
type Definition struct {
	pipelineTask *PipelineTask
	profile      check.Profile
}

// Define returns the definition that a task type describes. Its inputs need not
// be set.
func Define[T TaskType[Out], Out TaskOutput](task T) *Definition {
	n := alone(callsite.Here(), "", diag.ObjectRef{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Task"})
	define[T, Out](n, task)
	if n.task != nil {
		n.scope.problems.owner.Name = n.task.name
	}
	return &Definition{pipelineTask: n}
}
