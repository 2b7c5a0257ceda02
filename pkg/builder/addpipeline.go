package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
)

// nestedPipeline is a pipeline that a pipeline task runs.
type nestedPipeline struct {
	child *Pipeline
	args  []Arg
}

// AddPipeline adds a task that runs another pipeline (pipelines in pipelines).
// The arguments set its params, with [String.Set], and bind its workspaces, with
// [Workspace.From], to values and workspaces of p. Tekton runs it only if
// enable-api-fields is alpha.
//
// Tekton rejects references to the results of the other pipeline. Pass files through a
// workspace instead; a finally task can use its Status.
func (p *Pipeline) AddPipeline(name string, child *Pipeline, args ...Arg) *PipelineTask {
	return p.orNew().newPipelineTask(callsite.Here(), name, false).runs(child, args)
}

// runs makes the task run a pipeline.
func (t *PipelineTask) runs(child *Pipeline, args []Arg) *PipelineTask {
	if child == nil || child.scope == nil {
		t.scope.reportf(t.at, "task-invalid", "the pipeline of task %s is nil", quote(t.name)).
			Help = "pass AddPipeline a pipeline made by NewPipeline"
		t.broken = true
		return t
	}
	t.nested = &nestedPipeline{child: child, args: append([]Arg(nil), args...)}
	return t
}
