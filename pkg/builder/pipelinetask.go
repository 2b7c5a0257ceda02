package builder

import (
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/tekref"
)

// PipelineTask is a task of a pipeline (PipelineTask in Tekton's API). The
// methods of a nil PipelineTask do nothing.
type PipelineTask struct {
	scope    *scope
	pipeline *Pipeline // nil for a task without a pipeline
	at       place
	name     string
	finally  bool
	matrixed bool
	broken   bool // there is no definition, which has been reported
	axisLost bool // an Each is misplaced, which has been reported

	including bool // it describes one entry of matrix.include

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
	desc        said
	embed       bool
	fallback    bool
	outer       []outerUse // of results and workspaces as other tasks left them

	outerWorkspaces []outerUse // by the name of the workspace
	mutate          callsite.Changes[v1.PipelineTask]

	unset []unsetField // of its task type

	checked       map[checkedInput]bool
	checkedMounts map[*workspace]bool
}

// input is the value of a param of the task.
type input struct {
	at     place
	name   string
	kind   kind
	str    String
	array  Array
	object Object
	passed bool // by Pass: the task does not declare it
}

// isSet reports whether there is a value.
func (i *input) isSet() bool {
	switch i.kind {
	case arrayKind:
		return i.array.isSet()
	case objectKind:
		return i.object.isSet()
	}
	return i.str != ""
}

// mounted is a workspace of the pipeline bound to a workspace of the task.
type mounted struct {
	at   place
	decl *mountDecl
	from Workspace

	passed bool // by PassWorkspace: the task does not declare it
}

// source returns where the definition comes from, nil if it has steps.
func (t *PipelineTask) source() *source {
	if t.task == nil {
		return nil
	}
	return t.task.source
}

// gave returns the place where the caller set an input that Define declares at
// another place: the call of Add, or at itself for AddInline and for what is passed.
func (t *PipelineTask) gave(at place, passed bool) place {
	if passed || t.task != nil && !t.task.typed {
		return at
	}
	return t.at
}

// ordered is a call of After for another task.
type ordered struct {
	at           place
	pipelineTask *PipelineTask
}

// newPipelineTask adds a task to the pipeline.
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

// After makes the task run after others. It is needed only if the task does not
// use their results or workspaces.
func (t *PipelineTask) After(others ...TaskOutput) *PipelineTask {
	if t == nil || t.scope == nil {
		return t
	}
	at := callsite.Here()
	for _, o := range others {
		other := pipelineTaskOf(o)
		switch {
		case other == nil:
			t.scope.reportf(at, "task-unknown", "After is called on task %s with nil", quote(t.name)).
				Help = "pass it the value that Add returned"
		case other.pipeline != t.pipeline:
			t.scope.reportf(at, "handle-foreign", "task %s runs after task %s of another pipeline",
				quote(t.name), quote(other.name)).
				Help = "remove the call to After: it can only order tasks of the same pipeline"
		default:
			t.after = append(t.after, ordered{at, other})
		}
	}
	return t
}

// When adds when expressions. The task runs only if all of them are true.
func (t *PipelineTask) When(conditions ...When) *PipelineTask {
	if t != nil {
		t.when = append(t.when, conditions...)
	}
	return t
}

// Retries sets how many times a failed task is retried. The default is 0. Tekton
// rejects Retries together with ContinueOnError (onerror-invalid).
func (t *PipelineTask) Retries(count int) *PipelineTask {
	if t != nil {
		t.retries, t.retriesAt = count, callsite.Here()
	}
	return t
}

// Timeout limits each attempt of the task. The default is that of the cluster,
// which is one hour unless configured otherwise; 0 means no limit.
func (t *PipelineTask) Timeout(d time.Duration) *PipelineTask {
	if t != nil {
		t.timeout, t.timeoutAt = &d, callsite.Here()
	}
	return t
}

// ContinueOnError lets the pipeline continue if the task fails (onError:
// continue). Tasks that use its results fail if the results were not written.
//
// Tekton rejects ContinueOnError together with Retries (onerror-invalid): use
// [PipelineTask.Fallback], which also gives the results a value.
func (t *PipelineTask) ContinueOnError() *PipelineTask {
	if t != nil {
		t.onError = v1.PipelineTaskContinue
	}
	return t
}

// DisplayName sets the name that dashboards show for the task.
func (t *PipelineTask) DisplayName(text string) *PipelineTask {
	if t != nil {
		t.displayName = text
	}
	return t
}

// Describe sets the description of the task in the pipeline.
func (t *PipelineTask) Describe(text string) *PipelineTask {
	if t != nil {
		t.desc = said{callsite.Here(), TaskString(text)}
	}
	return t
}

// Embed embeds the task's definition in the pipeline (taskSpec) instead of
// referring to a Task object (taskRef).
func (t *PipelineTask) Embed() *PipelineTask {
	if t != nil {
		t.embed = true
	}
	return t
}

// Mutate registers a function that changes the upstream PipelineTask before it
// is checked. It is an escape hatch for fields that have no method here. The
// function may be called more than once, each time with a fresh copy.
func (t *PipelineTask) Mutate(change func(*v1.PipelineTask)) *PipelineTask {
	if t != nil {
		t.mutate.Add(callsite.Here(), change)
	}
	return t
}

// Status returns the execution status of the task.
func (t *PipelineTask) Status() Status {
	if t == nil {
		return Status{}
	}
	return Status{scope: t.scope, variable: tekref.TaskStatusOf(t.name), task: true}
}

// Reason returns the reason for the status of the task.
func (t *PipelineTask) Reason() Reason {
	if t == nil {
		return Reason{}
	}
	return Reason{scope: t.scope, variable: tekref.TaskReasonOf(t.name)}
}
