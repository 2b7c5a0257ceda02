package builder

import (
	"maps"
	"math"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
)

// PipelineRun describes a PipelineRun. It is made by [Pipeline.Run].
type PipelineRun struct {
	pipeline     *Pipeline
	at           place
	name         String
	prefix       bool // whether name is one
	args         []Arg
	account      string
	timeouts     Timeouts
	pod          *pod.Template
	group        *int64
	groupPolicy  *corev1.PodFSGroupChangePolicy
	taskRunSpecs []taskRunSpec
	labels       []label
	annotations  []label
	embed        bool
	mutate       callsite.Changes[v1.PipelineRun]
}

// NoTimeout is a timeout that never expires, for [Timeouts] and [TaskRunSpec], in which 0
// means the default.
const NoTimeout time.Duration = math.MinInt64

// Timeouts are the limits of a run. If Pipeline is zero, the default of the cluster
// applies, which is one hour unless configured otherwise. If Tasks or Finally is
// zero, it has no limit of its own.
type Timeouts struct {
	Pipeline time.Duration // the whole run
	Tasks    time.Duration // all tasks except finally tasks
	Finally  time.Duration // the finally tasks
}

// TaskRunSpec overrides settings of one task in a run (spec.taskRunSpecs). Zero
// fields override nothing.
type TaskRunSpec struct {
	ServiceAccount string        // the service account of the task's pod
	Timeout        time.Duration // the timeout of the task
	CPU, Memory    string        // resource requests of the whole pod, as quantities
	Pod            pod.Template  // the pod template

	Resources corev1.ResourceRequirements // of the whole pod, beside CPU and Memory
	Steps     []v1.TaskRunStepSpec        // resources of steps
	Sidecars  []v1.TaskRunSidecarSpec     // resources of sidecars

	Labels, Annotations map[string]string // of the TaskRun
}

// clone returns a copy that shares nothing with o.
func (o TaskRunSpec) clone() TaskRunSpec {
	o.Pod, o.Resources = *o.Pod.DeepCopy(), *o.Resources.DeepCopy()
	o.Steps, o.Sidecars = slices.Clone(o.Steps), slices.Clone(o.Sidecars)
	for i := range o.Steps {
		o.Steps[i] = *o.Steps[i].DeepCopy()
	}
	for i := range o.Sidecars {
		o.Sidecars[i] = *o.Sidecars[i].DeepCopy()
	}
	o.Labels, o.Annotations = maps.Clone(o.Labels), maps.Clone(o.Annotations)
	return o
}

type taskRunSpec struct {
	at           place
	pipelineTask *PipelineTask
	o            TaskRunSpec
}

// Run returns a new run of the pipeline. Pipeline.Build checks it together with the
// pipeline. A name that ends in - is a prefix: the cluster appends a unique suffix
// (metadata.generateName).
//
//	run := p.Run("release-", repo.Set("https://git.example.com/app"), src.VolumeClaimTemplate("1Gi"))
func (p *Pipeline) Run(name String, args ...Arg) *PipelineRun {
	p = p.orNew()
	r := &PipelineRun{pipeline: p, at: callsite.Here(), name: name, args: append([]Arg(nil), args...)}
	p.runs = append(p.runs, r)
	return r
}

// GenerateName makes the name a prefix (metadata.generateName), also if it does not end
// in -.
func (r *PipelineRun) GenerateName() *PipelineRun {
	if r != nil {
		r.prefix = true
	}
	return r
}

// ServiceAccount sets the service account of the run's pods. The default is that
// of the cluster, which is "default" unless configured otherwise.
func (r *PipelineRun) ServiceAccount(name string) *PipelineRun {
	if r != nil {
		r.account = name
	}
	return r
}

// Timeouts sets the timeouts of the run.
func (r *PipelineRun) Timeouts(t Timeouts) *PipelineRun {
	if r != nil {
		r.timeouts = t
	}
	return r
}

// Pod sets the pod template of all tasks: node selector, tolerations, security
// context and so on.
func (r *PipelineRun) Pod(t pod.Template) *PipelineRun {
	if r != nil {
		r.pod = t.DeepCopy()
	}
	return r
}

// FSGroup sets the fsGroup of all pods, which makes volumes writable for a group.
// The tasks of the catalogue need it with most storage classes, because their
// steps do not run as root and new volumes are writable only by root:
//
//	run.FSGroup(tasks.Group)
func (r *PipelineRun) FSGroup(id int64) *PipelineRun {
	if r != nil {
		r.group = &id
	}
	return r
}

// TaskRunSpec overrides settings of one task in this run.
func (r *PipelineRun) TaskRunSpec(n AnyTask, o TaskRunSpec) *PipelineRun {
	if r != nil {
		r.taskRunSpecs = append(r.taskRunSpecs, taskRunSpec{callsite.Here(), anyTaskOf(n), o.clone()})
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

// Embed embeds the pipeline in the run (pipelineSpec) instead of referring to a
// Pipeline object (pipelineRef).
func (r *PipelineRun) Embed() *PipelineRun {
	if r != nil {
		r.embed = true
	}
	return r
}

// Mutate registers a function that changes the upstream PipelineRun before it is
// checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy.
func (r *PipelineRun) Mutate(change func(*v1.PipelineRun)) *PipelineRun {
	if r != nil {
		r.mutate.Add(callsite.Here(), change)
	}
	return r
}
