package substitution

import (
	"math/bits"

	"github.com/tekwright/tekwright/internal/tekref"
)

// Set is a set of kinds of variables that Tekton replaces together.
type Set uint32

// The kinds of variables.
const (
	// Params are the params of the object itself: declared by a Task, set by its run, or
	// passed by the pipeline task.
	Params Set = 1 << iota
	// PipelineParams are the params of the pipeline and of its run. A taskSpec in the
	// pipeline can use them without a declaration.
	PipelineParams
	// RunContext is context.pipelineRun.* and context.pipeline.name.
	RunContext
	// PipelineTaskContext is context.pipelineTask.retries.
	PipelineTaskContext
	// TaskContext is context.taskRun.* and context.task.*.
	TaskContext
	// Bound is workspaces.NAME.bound of a workspace of the pipeline.
	Bound
	// Workspaces is the path, claim, volume and bound of a workspace of the Task.
	Workspaces
	// TaskResults are the results of other tasks of the pipeline.
	TaskResults
	// Status is the status and the reason of tasks, in finally.
	Status
	// MatrixLength is the length of a matrix, or of a result of a matrix.
	MatrixLength
	// TaskArtifacts are the artifacts of other tasks of the pipeline.
	TaskArtifacts
	// ResultPath is results.NAME.path.
	ResultPath
	// StepResultPath is step.results.NAME.path.
	StepResultPath
	// ExitCode is steps.step-NAME.exitCode.path.
	ExitCode
	// ArtifactPath is artifacts.path and step.artifacts.path.
	ArtifactPath
	// Credentials is credentials.path.
	Credentials
	// StepResults are the results of other steps. The entrypoint of a step replaces them.
	StepResults
	// StepArtifacts are the artifacts of other steps. The entrypoint of a step replaces
	// them.
	StepArtifacts

	end
)

// All returns the kinds of variables, each in a set of its own.
func All() []Set {
	var out []Set
	for s := Params; s < end; s <<= 1 {
		out = append(out, s)
	}
	return out
}

// forms shows what the variables of each kind look like, in the order of the constants.
var forms = [...]string{
	"params.NAME", "params.NAME of the pipeline", "context.pipelineRun.*, context.pipeline.name", "context.pipelineTask.retries",
	"context.taskRun.*, context.task.*", "workspaces.NAME.bound of the pipeline", "workspaces.NAME.*",
	"tasks.NAME.results.*", "tasks.NAME.status, tasks.NAME.reason, tasks.status", "tasks.NAME.matrix.length",
	"tasks.NAME.outputs.*, tasks.NAME.inputs.*", "results.NAME.path", "step.results.NAME.path",
	"steps.step-NAME.exitCode.path", "artifacts.path, step.artifacts.path", "credentials.path",
	"steps.NAME.results.*", "steps.NAME.outputs.*, steps.NAME.inputs.*",
}

var setNames = [...]string{
	"params", "pipeline params", "run context", "retries", "task context", "bound", "workspaces", "task results", "status", "lengths",
	"task artifacts", "result paths", "step result paths", "exit codes", "artifact paths", "credentials", "step results", "step artifacts",
}

// Names returns the names of the kinds in the set.
func (s Set) Names() []string {
	var out []string
	for i, kind := range All() {
		if s.Has(kind) {
			out = append(out, setNames[i])
		}
	}
	return out
}

// Form returns what the variables of a set with one kind look like, without $( and ).
func (s Set) Form() string { return forms[bits.TrailingZeros32(uint32(s))] }

// Has reports whether the set has all kinds of the other one.
func (s Set) Has(other Set) bool { return s&other == other && other != 0 }

// Of returns the kinds that a variable may belong to; 0 if it belongs to none, such as
// one for an unknown context. In a pipeline, the params of the pipeline are the params
// of the object.
func Of(v tekref.Variable) Set {
	switch v.Kind {
	case tekref.Param:
		return Params
	case tekref.TaskResult, tekref.FinallyResult:
		return TaskResults
	case tekref.TaskStatus, tekref.TasksStatus:
		return Status
	case tekref.MatrixLength:
		return MatrixLength
	case tekref.TaskArtifact:
		return TaskArtifacts
	case tekref.Context:
		switch v.Owner {
		case "pipelineRun", "pipeline":
			return RunContext
		case "pipelineTask":
			return PipelineTaskContext
		case "taskRun", "task":
			return TaskContext
		}
	case tekref.Workspace:
		return Workspaces
	case tekref.ResultPath:
		return ResultPath
	case tekref.StepResultPath:
		return StepResultPath
	case tekref.StepResult:
		return StepResults
	case tekref.StepExitCode:
		return ExitCode
	case tekref.StepArtifact:
		return StepArtifacts
	case tekref.Artifacts:
		return ArtifactPath
	case tekref.Credentials:
		return Credentials
	case tekref.Event, tekref.None:
	}
	return 0
}
