package builder

import (
	"time"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TaskRun describes a TaskRun: one task, run without a pipeline.
type TaskRun struct {
	at          place
	name        string
	node        *PipelineTask
	args        []Arg
	account     string
	retries     int
	timeout     *time.Duration
	pod         *pod.Template
	group       *int64
	cpu, memory string
	labels      []label
	annotations []label
	embed       bool
	mutate      []func(*v1.TaskRun)
}

// RunTask describes a run of one task. The values of its inputs stand in the
// task's struct, its workspaces are bound by args; a name that ends in - is a
// prefix.
//
//	src := builder.NewWorkspace("source")
//	builder.RunTask("test-", tasks.GoTest{Source: src}, src.PVC("sources"))
func RunTask[T TaskType[Out], Out TaskOutput](name string, task T, args ...Arg) *TaskRun {
	r := &TaskRun{at: callsite.Here(), name: name, args: append([]Arg(nil), args...)}
	r.node = alone(r.at, name, diag.ObjectRef{APIVersion: v1.SchemeGroupVersion.String(), Kind: "TaskRun", Name: name})
	define[T, Out](r.node, task)
	return r
}

// alone is a node without a pipeline.
func alone(at place, name string, about diag.ObjectRef) *PipelineTask {
	return &PipelineTask{at: at, name: name, scope: &scope{
		owner:    handle.NewOwner(handle.Pipeline, name),
		problems: &problems{owner: about},
	}}
}

// ServiceAccount sets the account that the pod uses. The default is the
// cluster's, "default" as Tekton comes.
func (r *TaskRun) ServiceAccount(name string) *TaskRun {
	if r != nil {
		r.account = name
	}
	return r
}

// Retries sets how often the task is tried again after it failed.
func (r *TaskRun) Retries(count int) *TaskRun {
	if r != nil {
		r.retries = count
	}
	return r
}

// Timeout limits the run. The default is the cluster's, one hour as Tekton
// comes; 0 is no limit.
func (r *TaskRun) Timeout(d time.Duration) *TaskRun {
	if r != nil {
		r.timeout = &d
	}
	return r
}

// Pod shapes the pod: node selector, tolerations, security context and the
// like.
func (r *TaskRun) Pod(t pod.Template) *TaskRun {
	if r != nil {
		r.pod = t.DeepCopy()
	}
	return r
}

// FSGroup is as Run.FSGroup.
func (r *TaskRun) FSGroup(id int64) *TaskRun {
	if r != nil {
		r.group = &id
	}
	return r
}

// Requests requests CPU and memory for the whole pod, as quantities ("2",
// "4Gi"); "" leaves one out.
func (r *TaskRun) Requests(cpu, memory string) *TaskRun {
	if r != nil {
		r.cpu, r.memory = cpu, memory
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

// Embed writes the task into the run (taskSpec) instead of referring to a Task
// object.
func (r *TaskRun) Embed() *TaskRun {
	if r != nil {
		r.embed = true
	}
	return r
}

// Mutate changes the TaskRun after it has been lowered and before it is
// checked. It may be called more than once, on a fresh copy each time.
func (r *TaskRun) Mutate(change func(*v1.TaskRun)) *TaskRun {
	if r != nil && change != nil {
		r.mutate = append(r.mutate, change)
	}
	return r
}

// Definition is a Task object by itself, without a pipeline or a run: to
// publish, or to test.
type Definition struct{ node *PipelineTask }

// Define makes the Task object of a task type. Inputs need not be given.
func Define[T TaskType[Out], Out TaskOutput](task T) *Definition {
	n := alone(callsite.Here(), "", diag.ObjectRef{APIVersion: v1.SchemeGroupVersion.String(), Kind: "Task"})
	define[T, Out](n, task)
	if n.task != nil {
		n.scope.problems.owner.Name = n.task.name
	}
	return &Definition{n}
}
