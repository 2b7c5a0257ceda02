package tekref

import (
	"strconv"
	"strings"
)

// ParamOf returns $(params.NAME). A name with a dot is written in brackets:
// $(params["NAME"]).
func ParamOf(name string) Variable {
	if strings.Contains(name, ".") {
		return Variable{Kind: Param, Expr: `params["` + name + `"]`, Name: name, Bracket: true, Index: -1}
	}
	return Variable{Kind: Param, Expr: "params." + name, Name: name, Index: -1}
}

// TaskResultOf returns $(tasks.TASK.results.RESULT).
func TaskResultOf(task, result string) Variable {
	return Variable{Kind: TaskResult, Expr: "tasks." + task + ".results." + result, Owner: task, Name: result, Index: -1}
}

// FinallyResultOf returns $(finally.TASK.results.RESULT).
func FinallyResultOf(task, result string) Variable {
	return Variable{Kind: FinallyResult, Expr: "finally." + task + ".results." + result, Owner: task, Name: result, Index: -1}
}

// TaskStatusOf returns $(tasks.TASK.status).
func TaskStatusOf(task string) Variable { return taskField(task, "status") }

// TaskReasonOf returns $(tasks.TASK.reason).
func TaskReasonOf(task string) Variable { return taskField(task, "reason") }

func taskField(task, field string) Variable {
	return Variable{Kind: TaskStatus, Expr: "tasks." + task + "." + field, Owner: task, Name: field, Index: -1}
}

// StatusOfTasks returns $(tasks.status).
func StatusOfTasks() Variable { return Variable{Kind: TasksStatus, Expr: "tasks.status", Index: -1} }

// MatrixLengthOf returns $(tasks.TASK.matrix.length).
func MatrixLengthOf(task string) Variable {
	return Variable{Kind: MatrixLength, Expr: "tasks." + task + ".matrix.length", Owner: task, Index: -1}
}

// ContextOf returns $(context.KIND.FIELD), as in $(context.pipelineRun.name).
func ContextOf(kind, field string) Variable {
	return Variable{Kind: Context, Expr: "context." + kind + "." + field, Owner: kind, Name: field, Index: -1}
}

// WorkspaceOf returns $(workspaces.NAME.FIELD), as in $(workspaces.source.path).
func WorkspaceOf(name, field string) Variable {
	return Variable{Kind: Workspace, Expr: "workspaces." + name + "." + field, Owner: name, Name: field, Index: -1}
}

// ResultPathOf returns $(results.NAME.path).
func ResultPathOf(name string) Variable {
	return Variable{Kind: ResultPath, Expr: "results." + name + ".path", Name: name, Index: -1}
}

// StepResultPathOf returns $(step.results.NAME.path).
func StepResultPathOf(name string) Variable {
	return Variable{Kind: StepResultPath, Expr: "step.results." + name + ".path", Name: name, Index: -1}
}

// StepResultOf returns $(steps.STEP.results.RESULT).
func StepResultOf(step, result string) Variable {
	return Variable{Kind: StepResult, Expr: "steps." + step + ".results." + result, Owner: step, Name: result, Index: -1}
}

// ExitCodePathOf returns $(steps.step-STEP.exitCode.path).
func ExitCodePathOf(step string) Variable {
	return Variable{Kind: StepExitCode, Expr: "steps.step-" + step + ".exitCode.path", Owner: "step-" + step, Name: "path", Index: -1}
}

// MatrixResultLengthOf returns $(tasks.TASK.matrix.RESULT.length).
func MatrixResultLengthOf(task, result string) Variable {
	return Variable{Kind: MatrixLength, Expr: "tasks." + task + ".matrix." + result + ".length", Owner: task, Name: result, Index: -1}
}

// EventOf returns $(tt.params.NAME), for a TriggerTemplate.
func EventOf(name string) Variable {
	return Variable{Kind: Event, Expr: TemplatePrefix + name, Name: name, Index: -1}
}

// All returns the variable for all items of the array or object v: v with [*] appended.
func (v Variable) All() Variable {
	v.Expr += "[*]"
	v.Star = true
	return v
}

// At returns the variable for item i of the array v.
func (v Variable) At(i int) Variable {
	v.Expr += "[" + strconv.Itoa(i) + "]"
	v.Index = i
	return v
}

// WithKey returns the variable for a key of the object v.
func (v Variable) WithKey(key string) Variable {
	v.Expr += "." + key
	v.Key = key
	return v
}
