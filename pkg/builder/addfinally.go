package builder

import "github.com/tekwright/tekwright/internal/callsite"

// AddFinallyInline adds a finally task that is used nowhere else, as AddInline adds a
// task.
func (p *Pipeline) AddFinallyInline(name string, define func(t *Task)) *FinallyTask[*PipelineTask] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, true)
	return &FinallyTask[*PipelineTask]{pipelineTask: n, out: n.inline(define)}
}

// AddFinallyPipeline adds a finally task that runs a whole pipeline, as AddPipeline
// adds a task.
func (p *Pipeline) AddFinallyPipeline(name string, child *Pipeline, args ...Arg) *FinallyTask[*PipelineTask] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, true)
	return &FinallyTask[*PipelineTask]{pipelineTask: n, out: n.runs(child, args)}
}

// AddFinallyMatrix adds a finally task that runs once for every combination of the
// arrays given by Each, as AddMatrix adds a task.
func AddFinallyMatrix[T TaskType[Out], Out TaskOutput](p *Pipeline, name string, task T) *FinallyTask[Out] {
	n := p.orNew().newPipelineTask(callsite.Here(), name, true)
	n.matrixed = true
	out, _ := define[T, Out](n, task)
	return &FinallyTask[Out]{pipelineTask: n, out: out}
}
