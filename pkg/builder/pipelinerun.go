package builder

import (
	"time"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// PipelineRun describes a PipelineRun.
type PipelineRun struct {
	pipeline     *Pipeline
	at           place
	name         String
	args         []Arg
	account      string
	timeouts     Timeouts
	pod          *pod.Template
	group        *int64
	taskRunSpecs []taskRunSpec
	labels       []label
	annotations  []label
	embed        bool
	mutate       []func(*v1.PipelineRun)
}

// Timeouts limit a run. A zero field is the cluster's default: one hour for
// the pipeline, as Tekton comes, and no limit of their own for the parts.
type Timeouts struct {
	Pipeline time.Duration // the whole run
	Tasks    time.Duration // all tasks but the finally ones
	Finally  time.Duration // the finally tasks
}

// TaskRunSpec changes how one task of a run is executed. Zero fields change
// nothing.
type TaskRunSpec struct {
	ServiceAccount string        // the account of the task's pod
	Timeout        time.Duration // the task's limit
	CPU, Memory    string        // requests of the whole pod, as quantities
	Pod            pod.Template  // the rest of the pod
}

type taskRunSpec struct {
	at   place
	node *PipelineTask
	o    TaskRunSpec
}

// Run describes a run of the pipeline. A name that ends in - is a prefix, to
// which the cluster adds a unique end (metadata.generateName).
//
//	run := p.Run("release-", repo.Set("https://git.example.com/app"), src.VolumeClaimTemplate("1Gi"))
func (p *Pipeline) Run(name String, args ...Arg) *PipelineRun {
	p = p.orNew()
	r := &PipelineRun{pipeline: p, at: callsite.Here(), name: name, args: append([]Arg(nil), args...)}
	p.runs = append(p.runs, r)
	return r
}

// ServiceAccount sets the account that the run's pods use. The default is the
// cluster's, "default" as Tekton comes.
func (r *PipelineRun) ServiceAccount(name string) *PipelineRun {
	if r != nil {
		r.account = name
	}
	return r
}

// Timeouts limits the run.
func (r *PipelineRun) Timeouts(t Timeouts) *PipelineRun {
	if r != nil {
		r.timeouts = t
	}
	return r
}

// Pod shapes the pods of all tasks: node selector, tolerations, security
// context and the like. Its type is of github.com/tektoncd/pipeline/pkg/apis/pipeline/pod.
func (r *PipelineRun) Pod(t pod.Template) *PipelineRun {
	if r != nil {
		r.pod = t.DeepCopy()
	}
	return r
}

// FSGroup makes volumes writable for a group of users, in the pods of all
// tasks: the steps of the catalogue run as a user without privileges, and most
// storage classes hand out volumes that only root may write to.
//
//	run.FSGroup(tasks.Group)
func (r *PipelineRun) FSGroup(id int64) *PipelineRun {
	if r != nil {
		r.group = &id
	}
	return r
}

// TaskRunSpec changes how one task of this run is executed.
func (r *PipelineRun) TaskRunSpec(n TaskOutput, o TaskRunSpec) *PipelineRun {
	if r != nil {
		o.Pod = *o.Pod.DeepCopy()
		r.taskRunSpecs = append(r.taskRunSpecs, taskRunSpec{callsite.Here(), pipelineTaskOf(n), o})
	}
	return r
}

// Label sets a label of the PipelineRun.
func (r *PipelineRun) Label(key string, value String) *PipelineRun {
	if r != nil {
		r.labels = append(r.labels, label{callsite.Here(), key, value})
	}
	return r
}

// Annotate sets an annotation of the PipelineRun.
func (r *PipelineRun) Annotate(key string, value String) *PipelineRun {
	if r != nil {
		r.annotations = append(r.annotations, label{callsite.Here(), key, value})
	}
	return r
}

// Embed writes the pipeline into the run (pipelineSpec) instead of referring
// to a Pipeline object.
func (r *PipelineRun) Embed() *PipelineRun {
	if r != nil {
		r.embed = true
	}
	return r
}

// Mutate changes the PipelineRun after it has been lowered and before it is
// checked: the hatch for fields that have no method here. It may be called
// more than once, on a fresh copy each time.
func (r *PipelineRun) Mutate(change func(*v1.PipelineRun)) *PipelineRun {
	if r != nil && change != nil {
		r.mutate = append(r.mutate, change)
	}
	return r
}
