package substitution

import "strings"

// Phase is a step of Tekton's substitution.
type Phase struct {
	Name     string
	Replaced Set
}

// Order returns the phases of a PipelineRun and then of each TaskRun, in the order in
// which Tekton runs them. The text that replaces a variable may contain variables of later
// phases, but none of the same phase or of an earlier one.
func Order() []Phase {
	return []Phase{
		{"PipelineRun: pipelineRef, when the Pipeline is fetched", Params | RunContext},
		{"PipelineRun: workspace bindings", Params},
		{"pipeline: params", Params | PipelineParams},
		{"pipeline: contexts", RunContext},
		{"pipeline: workspaces", Bound},
		{"pipeline: taskRef and pipelineRef, when the Task or Pipeline is fetched", 0},
		{"task of a Pipeline: status, in finally", Status},
		{"task of a Pipeline: results of other tasks", TaskResults},
		{"taskSpec in a pipeline: results and artifacts of other tasks", TaskResults | TaskArtifacts},
		{"task of a Pipeline: retries, lengths of matrices", PipelineTaskContext | MatrixLength},
		{"TaskRun: taskRef, when the Task is fetched", Params | TaskContext},
		{"TaskRun: StepActions, with the params of the step", Params},
		{"TaskRun: workspace bindings", Params},
		{"Task: params", Params},
		{"Task: contexts", TaskContext},
		{"Task: paths of results", ResultPath | StepResultPath},
		{"Task: paths of artifacts", ArtifactPath},
		{"Task: paths of exit codes", ExitCode},
		{"Task: workspaces", Workspaces},
		{"Task: credentials", Credentials},
		{"TaskRun: pod template", Params},
		{"container: the entrypoint of the step", StepResults | StepArtifacts},
	}
}

// Unreplaced returns what a variable does in a field if it is not replaced, as the end of
// a sentence.
func Unreplaced(p Place, field string) string {
	last := field[strings.LastIndexByte(field, '.')+1:]
	switch {
	case Checked(p, field):
		return "the webhook rejects a param that is not declared, and other variables stay as they are"
	case strings.Contains(field, "Ref.params."), strings.Contains(field, "ref.params."):
		return "the resolver gets the literal text"
	case strings.HasPrefix(field, "when.") || strings.HasPrefix(field, "steps.when."):
		return "the literal text is compared"
	case strings.Contains(field, "isplayName") || strings.HasPrefix(field, "matrix.include.name"):
		return "the literal text is shown"
	case strings.HasSuffix(field, "params.value"), strings.HasSuffix(field, "params.default"):
		return "the Task gets the literal text"
	case p == Pipeline:
		return "the result is left out, and the run may fail"
	case last == "subPath" || last == "mountPath":
		return "a directory of that name is used, or the Pod is rejected"
	case last == "script" || last == "args" || last == "command" || strings.HasSuffix(field, "env.value") || last == "prefix":
		return "the literal text reaches the container, where a shell runs it as a command"
	}
	return "Kubernetes gets the literal text, and mostly rejects it"
}
