package builder

import "github.com/tekwright/tekwright/internal/callsite"

// AddFinallyInline adds a finally task that is used nowhere else. It is like
// [Pipeline.AddInline].
func (p *Pipeline) AddFinallyInline(name string, define func(t *Task)) *FinallyTask[*PipelineTask] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, true)
	return &FinallyTask[*PipelineTask]{pipelineTask: n, out: n.inline(define)}
}

// AddFinallyPipeline adds a finally task that runs another pipeline. It is like
// [Pipeline.AddPipeline].
func (p *Pipeline) AddFinallyPipeline(name string, child *Pipeline, args ...Arg) *FinallyTask[*PipelineTask] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, true)
	return &FinallyTask[*PipelineTask]{pipelineTask: n, out: n.runs(child, args)}
}

// AddFinallyMatrix adds a finally task that runs once for every combination of the
// items of its arrays. It is like [AddMatrix].
func AddFinallyMatrix[T TaskType[Out], Out TaskOutput](p *Pipeline, name string, task T) *FinallyMatrix[T, Out] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, true)
	n.matrixed = true
	out, _ := define[T, Out](n, task)
	return &FinallyMatrix[T, Out]{&FinallyTask[Out]{pipelineTask: n, out: out}}
}

// FinallyMatrix is a finally task with a matrix. It is like [Matrix].
type FinallyMatrix[T TaskType[Out], Out TaskOutput] struct{ *FinallyTask[Out] }

// Include is like [Matrix.Include].
func (m *FinallyMatrix[T, Out]) Include(name string, with T) *FinallyMatrix[T, Out] {
	if m != nil && m.FinallyTask != nil && m.pipelineTask != nil {
		addInclude(m.pipelineTask, callsite.Here(), name, with)
	}
	return m
}
