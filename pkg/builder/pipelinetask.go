package builder

import (
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/tekref"
)

// PipelineTask is a task in a pipeline: what runs when, how often, and for how long.
// Its methods may be called on a nil Node and then do nothing.
type PipelineTask struct {
	scope    *scope
	pipeline *Pipeline // nil for a task without a pipeline
	at       place
	name     string
	finally  bool
	matrixed bool
	broken   bool // there is no definition; that is on record
	axisLost bool // an Each is misplaced; that is on record

	including bool // it stands for one combination of a matrix

	task   *Task           // its definition, or
	nested *nestedPipeline // the pipeline that it runs

	params     []*input
	workspaces []*mounted
	includes   []*include

	after       []ordered
	when        []When
	retries     int
	retriesAt   place
	timeout     *time.Duration
	timeoutAt   place
	onError     v1.PipelineTaskOnErrorType
	displayName string
	embed       bool
	mutate      []func(*v1.PipelineTask)

	unset []unsetField // of its task type

	checked       map[checkedInput]bool
	checkedMounts map[*workspace]bool
}

// input is a value given to a param of the node's task.
type input struct {
	at     place
	name   string
	kind   kind
	str    String
	array  Array
	object Object
}

// given tells whether there is a value.
func (i *input) isSet() bool {
	switch i.kind {
	case arrayKind:
		return i.array.isSet()
	case objectKind:
		return i.object.isSet()
	}
	return i.str != ""
}

// mounted is a pipeline's workspace given to a workspace of the node's task.
type mounted struct {
	at   place
	decl *mountDecl
	from Workspace
}

// source is where the definition comes from, nil for steps.
func (n *PipelineTask) source() *source {
	if n.task == nil {
		return nil
	}
	return n.task.source
}

// gave is the place where a value was given to the task that Define declares
// at another: the call of Add, unless Define was written on the spot.
func (n *PipelineTask) gave(at place) place {
	if n.task != nil && !n.task.typed {
		return at
	}
	return n.at
}

// ordered is a wish to run after another node.
type ordered struct {
	at   place
	node *PipelineTask
}

// newPipelineTask adds a node to the pipeline.
func (p *Pipeline) newPipelineTask(at place, name string, finally bool) *PipelineTask {
	n := &PipelineTask{scope: p.scope, pipeline: p, at: at, name: name, finally: finally}
	if finally {
		p.finally = append(p.finally, n)
	} else {
		p.tasks = append(p.tasks, n)
	}
	if _, ok := p.byName[name]; !ok {
		p.byName[name] = n
	}
	return n
}

// After makes the task run after others whatever they pass on. It is needed
// only where neither a result nor a workspace gives the order already.
func (n *PipelineTask) After(others ...TaskOutput) *PipelineTask {
	if n == nil || n.scope == nil {
		return n
	}
	at := callsite.Here()
	for _, o := range others {
		other := pipelineTaskOf(o)
		switch {
		case other == nil:
			n.scope.reportf(at, "task-unknown", "task %s runs after a task that does not exist", quote(n.name)).
				Help = "pass After what Add returned"
		case other.pipeline != n.pipeline:
			n.scope.reportf(at, "handle-foreign", "task %s runs after task %s of another pipeline",
				quote(n.name), quote(other.name)).
				Help = "only tasks of one pipeline have an order"
		default:
			n.after = append(n.after, ordered{at, other})
		}
	}
	return n
}

// When adds conditions; the task runs only where all of them hold.
func (n *PipelineTask) When(conditions ...When) *PipelineTask {
	if n != nil {
		n.when = append(n.when, conditions...)
	}
	return n
}

// Retries sets how often the task is tried again after it failed. The default
// is 0. Tekton refuses it together with ContinueOnError (onerror-invalid).
func (n *PipelineTask) Retries(count int) *PipelineTask {
	if n != nil {
		n.retries, n.retriesAt = count, callsite.Here()
	}
	return n
}

// Timeout limits each try of the task. The default is the cluster's, one hour
// as Tekton comes; 0 is no limit.
func (n *PipelineTask) Timeout(d time.Duration) *PipelineTask {
	if n != nil {
		n.timeout, n.timeoutAt = &d, callsite.Here()
	}
	return n
}

// ContinueOnError lets the pipeline go on when the task fails (onError:
// continue). Tasks that use its results still fail if they were not written.
//
// Tekton refuses it together with Retries (onerror-invalid). A command that is to
// be tried again, and may fail all the same, has to be repeated by its script.
func (n *PipelineTask) ContinueOnError() *PipelineTask {
	if n != nil {
		n.onError = v1.PipelineTaskContinue
	}
	return n
}

// DisplayName sets what dashboards show for the task.
func (n *PipelineTask) DisplayName(text string) *PipelineTask {
	if n != nil {
		n.displayName = text
	}
	return n
}

// Embed writes the task's definition into the pipeline (taskSpec) instead of
// referring to a Task object of its own (taskRef).
func (n *PipelineTask) Embed() *PipelineTask {
	if n != nil {
		n.embed = true
	}
	return n
}

// Mutate changes the lowered task of the pipeline: the hatch for fields that
// have no method here. Build may call it more than once, on a fresh copy each
// time.
func (n *PipelineTask) Mutate(change func(*v1.PipelineTask)) *PipelineTask {
	if n != nil && change != nil {
		n.mutate = append(n.mutate, change)
	}
	return n
}

// Status is how the task ended: $(tasks.NAME.status).
func (n *PipelineTask) Status() Status {
	if n == nil {
		return Status{}
	}
	return Status{scope: n.scope, variable: tekref.TaskStatusOf(n.name), task: true}
}

// Reason is why the task ended as it did: $(tasks.NAME.reason).
func (n *PipelineTask) Reason() Reason {
	if n == nil {
		return Reason{}
	}
	return Reason{scope: n.scope, variable: tekref.TaskReasonOf(n.name)}
}
