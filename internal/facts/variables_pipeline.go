package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/tekref"
)

// problems adds the problems with the variables of the pipeline, without those in
// embedded Task specs.
func (p *PipelineSpec) problems(e *Entry) {
	p.defaultProblems(e)
	for _, t := range p.Tasks {
		t.problems(e)
	}
	p.lengthProblems(e)
	for i := range p.Spec.Results {
		p.resultProblems(e, i)
	}
}

func (p *PipelineSpec) defaultProblems(e *Entry) {
	uses := p.DefaultUses()
	for i := range uses {
		u := &uses[i]
		pr := Problem{Use: u, Scope: p.Params, Label: p.Label}
		switch {
		case u.Open || u.Escaped || !isParam(u):
		case u.Var.Fault != "":
			pr.Kind = Malformed
			e.addProblem(pr)
		case p.Params.Find(u.Var.Name) == nil:
			pr.Kind = UnknownDefault
			e.addProblem(pr)
		}
	}
}

func (p *PipelineSpec) resultProblems(e *Entry, result int) {
	uses := p.ResultUses(result)
	for i := range uses {
		u := &uses[i]
		pr := Problem{Use: u, Scope: p.Params, Label: p.Label}
		switch {
		case u.Var.Kind == tekref.None || u.Open:
			if _, ok := tekref.Misspelled(u.Expr); ok && !u.Open {
				pr.Kind = MisspeltRoot
				e.addProblem(pr)
			}
		case u.Var.Fault != "":
			pr.Kind = Malformed
			e.addProblem(pr)
		case u.Var.Kind != tekref.TaskResult && u.Var.Kind != tekref.FinallyResult:
			pr.Kind = NotInResult
			e.addProblem(pr)
		}
	}
}

// problems adds the problems with the variables of a task, without those of an
// embedded spec.
func (t *PipelineTask) problems(e *Entry) {
	scope := t.Pipeline.Params
	uses := t.Uses()
	for i := range uses {
		u := &uses[i]
		add := func(kind ProblemKind) {
			e.addProblem(Problem{Kind: kind, Use: u, Scope: scope, Label: t.Pipeline.Label, PipelineTask: t})
		}
		switch u.Role {
		case Foreign:
			if kind, wrong := t.foreign(u); wrong {
				add(kind)
			}
		case Unclosed:
			if u.Var.Fault == "" && (!isParam(u) || scope.Find(u.Var.Name) != nil) {
				add(Unterminated)
			}
		case Ignored:
			if u.Var.Fault == "" && !u.Escaped {
				add(NotReplaced)
			}
		case Substituted:
			switch {
			case u.Text.Field == "matrix.include.name":
			case isParam(u):
				pr, wrong := t.scope(u).paramProblem(u)
				switch {
				case wrong:
					wrong = pr.Kind != UnknownParam || !t.Pipeline.Entry().passesParam(u.Var.Name)
				case t.IsMatrixed() && u.Text.Field == "displayName" && pr.Scope.Own(u.Var.Name) == nil:
					pr.Kind, wrong = NotOfMatrix, !u.Escaped
				case u.Text.Field == "pipelineRef.params.value" && t.Pipeline.Run != nil && pr.Scope.Own(u.Var.Name) != nil && !pr.Scope.Own(u.Var.Name).Given &&
					!sets(t.Pipeline.Run.Spec.Params, u.Var.Name):
					pr.Kind, wrong = UnsetParam, !u.Escaped
					pr.Pipeline = t.Pipeline
				}
				if wrong {
					pr.Label, pr.PipelineTask = t.Pipeline.Label, t
					if pr.Kind == UnsetParam {
						pr.Label = e.Label()
					}
					e.addProblem(pr)
				}
			case u.Var.Fault != "":
				add(Malformed)
			default:
				if kind, wrong := t.otherProblem(u); wrong {
					add(kind)
				}
			}
		case Passed:
		}
	}
}

// foreign checks a $(...) that is not a Tekton variable. Tekton rejects those that
// look like variables, and admits shell commands.
func (t *PipelineTask) foreign(u *Use) (ProblemKind, bool) {
	if !substitution.Known(u.Place, u.Text.Field) || u.Open {
		return 0, false
	}
	if v, ok := tekref.Misspelled(u.Expr); ok && !u.Escaped && (v.Kind != tekref.Param || t.Pipeline.Params.Find(v.Name) != nil || tekref.IsAlmostParam(u.Expr)) {
		return MisspeltRoot, true
	}
	body, _, _ := strings.Cut(u.Expr, "[")
	if first, _ := tekref.Root(body); tekref.IsPipelineRoot(first) {
		return NoVariable, true
	}
	return RefusedVariable, substitution.Waits(u.Place, u.Text.Field) && tekref.LooksLikeVariable(u.Expr)
}

// otherProblem returns the problem with a variable that does not refer to a param.
func (t *PipelineTask) otherProblem(u *Use) (ProblemKind, bool) {
	v, field := u.Var, u.Text.Field
	switch v.Kind {
	case tekref.MatrixLength:
		if owner := t.Pipeline.byName[v.Owner]; owner == nil || owner.Finally {
			return 0, false
		}
		return LengthField, field != "params.value" && !u.Escaped
	case tekref.Context:
		if tekref.ContextFields(v.Owner) == nil || u.Replaced() {
			return contextField(u)
		}
		switch v.Owner {
		case "task", "taskRun":
			return ContextHere, !u.Escaped
		}
		return ContextField, !u.Escaped
	case tekref.Workspace:
		switch {
		case u.Escaped:
		case v.Name == "bound" && !u.Replaced():
			return NotInField, true
		case t.Pipeline.Workspaces[v.Owner] != nil && v.Name == "bound":
		case !Deferred(field):
			return OnlyBound, v.Name != "bound"
		default:
			return UnknownWorkspaceField, !slices.Contains(tekref.WorkspaceFields(), v.Name)
		}
	case tekref.ResultPath:
		return ResultHere, !u.Replaced() && !u.Escaped
	case tekref.Event:
		return OnlyTemplate, !u.Escaped
	case tekref.StepResultPath, tekref.StepResult, tekref.StepExitCode, tekref.StepArtifact, tekref.Artifacts, tekref.Credentials:
		return BelongsToTask, !u.Replaced() && !u.Escaped
	case tekref.TaskResult, tekref.FinallyResult, tekref.TaskStatus, tekref.TasksStatus, tekref.TaskArtifact:
		switch {
		case u.Replaced() || u.Escaped || field == "taskRef.name": // which must be a name, see reference-invalid
		case strings.HasPrefix(field, "taskRef.") || strings.HasPrefix(field, "pipelineRef."):
			return ResultInRef, true
		default:
			return NotInField, true
		}
	case tekref.Param, tekref.None:
	}
	return 0, false
}

// sets reports whether one of the params has that name.
func sets(params v1.Params, name string) bool {
	return slices.ContainsFunc(params, func(p v1.Param) bool { return p.Name == name })
}

// lengthProblems adds the lengths of matrices that Tekton does not look up.
func (p *PipelineSpec) lengthProblems(e *Entry) {
	uses := p.aboutTasks()
	for i := range uses {
		if u := &uses[i]; u.Behind != "" && !u.Escaped {
			e.addProblem(Problem{Kind: OneLength, Use: u.Use, Scope: p.Params, Label: p.Label, PipelineTask: u.Reader, First: u.Behind})
		}
	}
}
