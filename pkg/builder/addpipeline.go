package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
)

// nest is a pipeline that a node runs.
type nestedPipeline struct {
	child *Pipeline
	args  []Arg
}

// AddPipeline adds a task that runs a whole pipeline, with arguments for its params
// and workspaces: child.Param(...).Set(value), workspace.From(parent). Values
// are those of the outer pipeline. Tekton calls this pipelines in pipelines
// and runs it only with enable-api-fields: alpha.
func (p *Pipeline) AddPipeline(name string, child *Pipeline, args ...Arg) *PipelineTask {
	n := p.orNew().newPipelineTask(callsite.Here(), name, false)
	if child == nil || child.scope == nil {
		n.scope.reportf(n.at, "task-invalid", "task %s runs a nil pipeline", quote(name)).
			Help = "give Nest a pipeline made by NewPipeline"
		n.broken = true
		return n
	}
	n.nested = &nestedPipeline{child: child, args: append([]Arg(nil), args...)}
	return n
}
