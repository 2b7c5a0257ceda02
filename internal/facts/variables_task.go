package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// problems adds the problems with the variables of the spec.
func (t *TaskSpec) problems(e *Entry) {
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		if t.isOverridden(u.Text) {
			continue
		}
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
			if !u.Escaped && u.Var.Fault == "" && (!isParam(u) || t.Params.Find(u.Var.Name) != nil || t.scope(u).Find(u.Var.Name) != nil) {
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
	if u.Open || u.Escaped || !substitution.Known(u.Place, field) {
		return 0, false
	}
	if tekref.IsRemoved(u.Expr) {
		return RemovedResource, true
	}
	if v, ok := tekref.Misspelled(u.Expr); ok && (v.Kind != tekref.Param || t.Params.Find(v.Name) != nil || tekref.IsAlmostParam(u.Expr)) {
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
		if pr, wrong := t.scope(u).paramProblem(u); wrong && (pr.Kind != UnknownParam || !t.Entry().passesParam(v.Name)) {
			pr.Label, pr.Task = t.Label, t
			e.addProblem(pr)
		}
		return
	}
	if v.Fault != "" {
		add(Malformed)
		return
	}
	if kind, wrong := t.otherProblem(u); wrong {
		add(kind)
	}
}

// otherProblem returns the problem with a variable that does not refer to a param.
func (t *TaskSpec) otherProblem(u *Use) (ProblemKind, bool) {
	v := u.Var
	switch v.Kind {
	case tekref.ResultPath:
		if t.Action == nil {
			break
		}
		for i := range t.Action.Results {
			if t.Action.Results[i].Name == v.Name {
				return ResultOfTask, true
			}
		}
	case tekref.StepExitCode:
		if t.Action == nil && !u.Escaped && t.namesStep(v.Owner) {
			return StepByName, true
		}
	case tekref.Workspace:
		switch {
		case u.Escaped:
			return 0, false
		case t.Action != nil:
			return NotInStepAction, true
		case (t.Bound(v.Owner) || t.declaredWorkspaces().has(v.Owner)) && !slices.Contains(tekref.WorkspaceFields(), v.Name):
			return UnknownWorkspaceField, true
		}
	case tekref.Context:
		if kind, wrong := t.unknownContext(u); wrong {
			return kind, true
		}
	case tekref.Event:
		return OnlyTemplate, !u.Escaped
	case tekref.TaskResult, tekref.FinallyResult, tekref.TaskArtifact, tekref.TaskStatus, tekref.TasksStatus, tekref.MatrixLength,
		tekref.StepResultPath, tekref.StepResult, tekref.Artifacts, tekref.StepArtifact, tekref.Credentials, tekref.Param, tekref.None:
	}
	if u.Escaped && v.Kind != tekref.StepResult && v.Kind != tekref.Artifacts && v.Kind != tekref.StepArtifact {
		return 0, false
	}
	return t.misplaced(u), !u.Replaced()
}

// misplaced returns the problem with a variable that Tekton does not replace where it
// is.
func (t *TaskSpec) misplaced(u *Use) ProblemKind {
	if u.Text.Field == "params.default" {
		return NotInDefault
	}
	switch u.Var.Kind {
	case tekref.StepResult:
		return StepResultField
	case tekref.Artifacts, tekref.StepArtifact:
		return ArtifactField
	case tekref.StepResultPath:
		if t.StepAt(u.Spot.Path) < 0 {
			return NotInStep
		}
	case tekref.Context:
		if owner := u.Var.Owner; owner == "pipelineTask" || t.Pipeline == nil && (owner == "pipeline" || owner == "pipelineRun") {
			return OutOfScope
		}
	case tekref.TaskStatus, tekref.TasksStatus, tekref.MatrixLength:
		return OutOfScope
	case tekref.TaskResult, tekref.FinallyResult, tekref.TaskArtifact:
		if t.Pipeline == nil {
			return OutOfScope
		}
	}
	return NotInField
}

// namesStep reports whether the exit code of a step is read by the name of the step
// instead of that of its container.
func (t *TaskSpec) namesStep(owner string) bool {
	o, ok := t.exitCodeOwner(owner)
	return ok && o.byName
}

// unknownContext checks the context and its field.
func (t *TaskSpec) unknownContext(u *Use) (ProblemKind, bool) {
	v := u.Var
	if tekref.ContextFields(v.Owner) == nil && !slices.Contains(tekref.ContextFields(suggest.Name(v.Owner, tekref.ContextKinds())), v.Name) &&
		strings.HasSuffix(u.Text.Field, "cript") {
		return ContextCommand, true
	}
	if !u.Replaced() && tekref.ContextFields(v.Owner) != nil {
		return 0, false
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
