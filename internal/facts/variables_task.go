package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// problems adds the problems with the variables of the spec.
func (t *TaskSpec) problems(e *Entry) {
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		add := func(kind ProblemKind) {
			e.addProblem(Problem{Kind: kind, Use: u, Scope: t.Params, Label: t.Label, Task: t})
		}
		switch u.Role {
		case Foreign:
			if kind, wrong := t.foreign(u); wrong {
				add(kind)
			}
		case Unclosed:
			if u.Var.Fault == "" && (!isParam(u) || t.Params.Find(u.Var.Name) != nil) {
				add(Unterminated)
			}
		case Ignored:
			if !u.Escaped && u.Var.Fault == "" && (t.Action == nil || u.Text.Field != "params.default") &&
				(!isParam(u) || t.Params.Find(u.Var.Name) != nil) {
				add(NotReplaced)
			}
		case Substituted:
			t.substituted(e, u, add)
		case Passed:
		}
	}
}

// foreign checks a $(...) that is not a Tekton variable: it may belong to the shell
// or to Kubernetes, or be misspelled.
func (t *TaskSpec) foreign(u *Use) (ProblemKind, bool) {
	field := u.Text.Field
	if u.Open || u.Escaped || !taskFields[field] {
		return 0, false
	}
	if tekref.IsRemoved(u.Expr) {
		return RemovedResource, true
	}
	if v, ok := tekref.Misspelled(u.Expr); ok && (v.Kind != tekref.Param || t.Params.Find(v.Name) != nil) {
		return MisspeltRoot, true
	}
	last := field[strings.LastIndexByte(field, '.')+1:]
	free := t.IsScript(u.Text) || last == "command" || last == "args" || strings.HasSuffix(field, "env.value") ||
		strings.HasPrefix(field, "params.") || strings.HasPrefix(field, "steps.params") || last == "cel" || !tekref.IsName(u.Expr)
	return NoVariable, !free
}

// substituted checks a variable in a field where Tekton replaces variables.
func (t *TaskSpec) substituted(e *Entry, u *Use, add func(ProblemKind)) {
	v := u.Var
	if v.Kind == tekref.Param {
		if own, twin, ok := t.IsTwinKey(u); ok {
			e.addProblem(Problem{Kind: TwinKey, Use: u, Scope: own.scope, Param: twin, Label: t.Label, Task: t})
			return
		}
		if pr, wrong := t.Params.paramProblem(u); wrong {
			pr.Label, pr.Task = t.Label, t
			e.addProblem(pr)
		}
		return
	}
	switch {
	case v.Fault != "":
		add(Malformed)
		return
	case u.Text.Field == "params.default":
		if !u.Escaped {
			add(NotInDefault)
		}
		return
	}
	if kind, wrong := t.otherProblem(u); wrong {
		add(kind)
	}
}

// otherProblem returns the problem with a variable that does not refer to a param.
func (t *TaskSpec) otherProblem(u *Use) (ProblemKind, bool) {
	v, field := u.Var, u.Text.Field
	switch v.Kind {
	case tekref.ResultPath:
		if t.Action == nil {
			return 0, false
		}
		for i := range t.Action.Results {
			if t.Action.Results[i].Name == v.Name {
				return ResultOfTask, true
			}
		}
	case tekref.StepResultPath:
		return NotInStep, t.Action == nil && t.StepAt(u.Spot.Path) < 0 && !u.Escaped
	case tekref.StepResult:
		f := strings.TrimPrefix(field, "steps.")
		fine := field == "results.value" || f == "command" || f == "args" || f == "env.value" || f == "params.value" || strings.HasPrefix(f, "when.")
		return StepResultField, !fine
	case tekref.StepExitCode:
		return StepByName, t.Action == nil && !u.Escaped && t.namesStep(v.Owner)
	case tekref.Workspace:
		switch {
		case u.Escaped:
		case t.Action != nil:
			return NotInStepAction, true
		case t.Bound(v.Owner) || t.declaredWorkspaces().has(v.Owner):
			return UnknownWorkspaceField, !slices.Contains(tekref.WorkspaceFields(), v.Name)
		}
	case tekref.Context:
		return t.contextProblem(u)
	case tekref.TaskResult, tekref.FinallyResult, tekref.TaskArtifact:
		return OutOfScope, t.Pipeline == nil && !u.Escaped
	case tekref.TaskStatus, tekref.TasksStatus, tekref.MatrixLength:
		return OutOfScope, !u.Escaped
	case tekref.Event:
		return OnlyTemplate, !u.Escaped
	case tekref.Artifacts, tekref.StepArtifact:
		return ArtifactField, !artifactField(field) && !(v.Kind == tekref.Artifacts && !strings.HasPrefix(v.Expr, "step."))
	case tekref.Credentials, tekref.Param, tekref.None:
	}
	return 0, false
}

// namesStep reports whether the exit code of a step is read by the name of the step
// instead of that of its container.
func (t *TaskSpec) namesStep(owner string) bool {
	for i := range t.Spec.Steps {
		switch owner {
		case t.containerName(i):
			return false
		case t.Spec.Steps[i].Name:
			return true
		}
	}
	return false
}

// artifactField reports whether Tekton replaces an artifact of a step there.
func artifactField(field string) bool {
	f, ok := strings.CutPrefix(field, "steps.")
	if !ok {
		return true
	}
	switch f {
	case "name", "image", "imagePullPolicy", "workingDir":
		return false
	}
	return !strings.HasPrefix(f, "envFrom.") && !strings.HasPrefix(f, "volumeMounts.") && !strings.HasPrefix(f, "volumeDevices.")
}

func (t *TaskSpec) contextProblem(u *Use) (ProblemKind, bool) {
	v := u.Var
	switch v.Owner {
	case "task", "taskRun":
	case "pipeline", "pipelineRun":
		if t.Pipeline == nil {
			return OutOfScope, !u.Escaped
		}
	case "pipelineTask":
		return OutOfScope, !u.Escaped
	}
	if tekref.ContextFields(v.Owner) == nil && !slices.Contains(tekref.ContextFields(suggest.Name(v.Owner, tekref.ContextKinds())), v.Name) &&
		strings.HasSuffix(u.Text.Field, "cript") {
		return ContextCommand, true
	}
	return contextField(u)
}

// contextField checks the context and its field.
func contextField(u *Use) (ProblemKind, bool) {
	fields := tekref.ContextFields(u.Var.Owner)
	if fields == nil {
		return UnknownContext, true
	}
	return UnknownContextField, !slices.Contains(fields, u.Var.Name)
}
