package builder

import (
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
)

// FinallyTask is a finally task: it runs when all other tasks have completed,
// whether they succeeded or not. Finally tasks run in parallel, and no task runs
// after them.
type FinallyTask[Out TaskOutput] struct {
	pipelineTask *PipelineTask
	out          Out
}

// AddFinally adds a finally task. If it uses a result that was not written,
// because the task failed or was skipped, the finally task is skipped.
func AddFinally[T TaskType[Out], Out TaskOutput](p *Pipeline, name string, task T) *FinallyTask[Out] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, true)
	out, _ := define[T, Out](n, task)
	return &FinallyTask[Out]{pipelineTask: n, out: out}
}

// When adds when expressions, on values or on the status of tasks. The task runs
// only if all of them are true.
//
//	rollback.When(deploy.Status().In(builder.Failed))
func (f *FinallyTask[Out]) When(conditions ...WhenExpression) *FinallyTask[Out] {
	if f == nil {
		return f
	}
	for _, c := range conditions {
		if c != nil {
			f.pipelineTask.When(c.asWhen())
		}
	}
	return f
}

// Retries is like [PipelineTask.Retries].
func (f *FinallyTask[Out]) Retries(count int) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.Retries(count)
	}
	return f
}

// ContinueOnError is like [PipelineTask.ContinueOnError].
func (f *FinallyTask[Out]) ContinueOnError() *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.ContinueOnError()
	}
	return f
}

// Fallback is like [PipelineTask.Fallback].
func (f *FinallyTask[Out]) Fallback(results ...Arg) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.Fallback(results...)
	}
	return f
}

// Timeout is like [PipelineTask.Timeout].
func (f *FinallyTask[Out]) Timeout(d time.Duration) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.Timeout(d)
	}
	return f
}

// DisplayName is like [PipelineTask.DisplayName].
func (f *FinallyTask[Out]) DisplayName(text string) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.DisplayName(text)
	}
	return f
}

// Describe is like [PipelineTask.Describe].
func (f *FinallyTask[Out]) Describe(text string) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.Describe(text)
	}
	return f
}

// Embed is like [PipelineTask.Embed].
func (f *FinallyTask[Out]) Embed() *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.Embed()
	}
	return f
}

// Mutate is like [PipelineTask.Mutate].
func (f *FinallyTask[Out]) Mutate(change func(*v1.PipelineTask)) *FinallyTask[Out] {
	if f != nil {
		f.pipelineTask.Mutate(change)
	}
	return f
}

// Publish declares a pipeline result with the value of a result of the finally
// task. Results of finally tasks cannot be used anywhere else.
//
//	rollback.Publish("revision", func(r tasks.RolledBack) builder.String { return r.Revision })
func (f *FinallyTask[Out]) Publish(name string, pick func(Out) String, opts ...ResultOption) {
	if f == nil || f.pipelineTask == nil || f.pipelineTask.pipeline == nil {
		return
	}
	at := callsite.Here()
	p := f.pipelineTask.pipeline
	var v String
	if pick != nil && !nothing(f.out) && !p.catch(at, "the function passed to Publish of task "+quote(f.pipelineTask.name), func() { v = pick(f.out) }) {
		return
	}
	tok, ok := handle.Single(string(v))
	if ok && tok.Form == handle.Bad {
		return
	}
	if !ok || tok.Owner.ID != p.owner.ID || tok.Form != handle.Final {
		p.reportf(at, "publish-invalid", "the function passed to Publish of task %s does not return one of its results", quote(f.pipelineTask.name)).
			Help = "return a result of the task unchanged, not joined to other text"
		return
	}
	p.result(at, name, stringKind, opts).str = v
}
