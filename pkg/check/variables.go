package check

import "github.com/tekwright/tekwright/internal/tekref"

// The rules' own words for package tekref.
type (
	match     = tekref.Match
	reference = tekref.Variable
)

const (
	refNone           = tekref.None
	refParam          = tekref.Param
	refTaskResult     = tekref.TaskResult
	refFinallyResult  = tekref.FinallyResult
	refTaskStatus     = tekref.TaskStatus
	refTasksStatus    = tekref.TasksStatus
	refMatrixLength   = tekref.MatrixLength
	refTaskArtifact   = tekref.TaskArtifact
	refContext        = tekref.Context
	refWorkspace      = tekref.Workspace
	refResultPath     = tekref.ResultPath
	refStepResultPath = tekref.StepResultPath
	refStepResult     = tekref.StepResult
	refStepExit       = tekref.StepExitCode
	refStepArtifact   = tekref.StepArtifact
	refArtifacts      = tekref.Artifacts
	refCredentials    = tekref.Credentials
	refEvent          = tekref.Event
)

// scan calls visit for each $(...) of s from left to right.
func scan(s string, visit func(match)) {
	for m := range tekref.Scan(s) {
		visit(m)
	}
}
