package facts

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/substitution"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Problem is a $(...) that is malformed, unknown, or used where it is not replaced.
// Variables for results, tasks and workspaces that do not exist are not among the
// problems.
type Problem struct {
	Kind ProblemKind
	*Use
	Scope *ParamScope // the params that it could refer to
	Param *Param      // the param that it refers to, or was meant to refer to
	Label string      // for sentences: the spec or the object that contains it

	// Task is the Task spec that contains it, PipelineTask the pipeline task. At most
	// one of them is set.
	Task         *TaskSpec
	PipelineTask *PipelineTask
	// Pipeline is the pipeline that a run runs; nil if it is not known.
	Pipeline *PipelineSpec
	// First is the $(...) before this one, for OneLength.
	First string
}

// ProblemKind is the kind of a problem with a $(...).
type ProblemKind int

// The kinds of problems.
const (
	// Malformed: it begins like a variable, but has another form. Var.Fault is the
	// reason, Var.Fix the correct form.
	Malformed ProblemKind = iota
	// Unterminated: it lacks its closing parenthesis.
	Unterminated
	// DottedName: it reads a key of a param, but there is a param with the dotted name.
	DottedName
	// BracketedWhole: it passes a whole array or object in the form with
	// brackets, which Tekton does not replace there.
	BracketedWhole
	// StepByName: it has the name of a step instead of that of its container.
	StepByName

	// RemovedResource: it refers to PipelineResources, which Tekton has removed.
	RemovedResource
	// MisspeltRoot: its first word is misspelled; Var.Fix is the intended variable.
	MisspeltRoot
	// NoVariable: it is not a Tekton variable.
	NoVariable
	// RefusedVariable: it is not a Tekton variable, and Tekton rejects it there.
	RefusedVariable
	// UnknownContext: the context does not exist.
	UnknownContext
	// UnknownContextField: the context has no such field.
	UnknownContextField
	// ContextCommand: it looks like a context, and a shell runs it as a command.
	ContextCommand
	// UnknownWorkspaceField: a workspace has no such field.
	UnknownWorkspaceField

	// NotReplaced: it is in a field in which Tekton replaces no variables.
	NotReplaced

	// OutOfScope: the variable is valid elsewhere, but not in a Task, or not in a
	// Pipeline.
	OutOfScope
	// NotInDefault: it is not replaced in the default of a param.
	NotInDefault
	// NotInField: Tekton replaces other variables in this field, but not this one.
	NotInField
	// ResultInRef: a result is not known yet when Tekton fetches the Task.
	ResultInRef
	// NotOfMatrix: the names of a matrix can only use the params of the task.
	NotOfMatrix
	// NotInStep: it is only valid in a step that declares the result.
	NotInStep
	// NotInStepAction: in a StepAction, it is the workspace of the Task.
	NotInStepAction
	// OnlyTemplate: it is only valid in a TriggerTemplate.
	OnlyTemplate
	// StepResultField: a result of a step is replaced only in some fields.
	StepResultField
	// ArtifactField: an artifact is replaced only in some fields.
	ArtifactField
	// ResultOfTask: in a StepAction, it is the result of the Task.
	ResultOfTask
	// ResultHere: the path of a result is in a field of a pipeline where it is not
	// replaced.
	ResultHere
	// BelongsToTask: it is in a pipeline, but only valid in Tasks.
	BelongsToTask
	// ContextHere: a context of Tasks is in a pipeline.
	ContextHere
	// ContextField: the context of a pipeline task is in a field where it is not known.
	ContextField
	// OnlyBound: a pipeline knows only whether a workspace is bound.
	OnlyBound
	// LengthField: the length of a matrix is in a field where it is not known.
	LengthField
	// OneLength: a param reads a second length of a matrix.
	OneLength
	// NotInResult: the value of a pipeline result can only use results.
	NotInResult
	// NotInRunParam: a param of a run cannot use a result.
	NotInRunParam
	// NotInRunValue: it is not replaced in the value of a param of a run.
	NotInRunValue
	// OnlyEvent: it is known only if an event starts the run.
	OnlyEvent
	// NotInPodTemplate: a pod template can only use params of tasks.
	NotInPodTemplate

	// UnknownParam: no such param is declared in scope.
	UnknownParam
	// UnknownDefault: the default of a pipeline param uses a param that the pipeline
	// does not declare.
	UnknownDefault
	// UnsetParam: the binding of a run uses a param that the run does not set.
	UnsetParam
	// UnknownRunParam: neither the TaskRun nor its Task has the param.
	UnknownRunParam

	// PartOfString: it reads an item or a key of a string param.
	PartOfString
	// KeyOfArray: it reads a key of an array param.
	KeyOfArray
	// ItemOfObject: it reads an item of an object param.
	ItemOfObject
	// WholeAsString: it passes a whole array or object without [*].
	WholeAsString
	// ArrayInText: an array is used inside other text.
	ArrayInText
	// WholeInString: an array or an object is used where a string is needed.
	WholeInString

	// UnknownKey: the object param has no such key.
	UnknownKey
	// TwinKey: an embedded spec and its Pipeline declare the object param, but only the
	// spec has the key.
	TwinKey
	// BeyondDefault: the index is beyond the end of the default of the array param.
	BeyondDefault
)

// add appends a problem.
func (e *Entry) addProblem(p Problem) { e.problems = append(e.problems, p) }

// Problems returns the problems with the variables in the object, in the order of
// its texts.
func (e *Entry) Problems() []Problem {
	e.set.asked(Variables)
	if e.problemsDone {
		return e.problems
	}
	e.problemsDone = true
	for _, t := range e.TaskSpecs() {
		t.problems(e)
	}
	for _, p := range e.PipelineSpecs() {
		p.problems(e)
	}
	e.runProblems()
	return e.problems
}

// formProblem returns the problem with the form of a param variable, for its type
// and its place.
func formProblem(u *Use, p *Param) (ProblemKind, bool) {
	v, tx, alone := u.Var, u.Text, u.Alone()
	if alone && tx.Whole && !v.Bracket && v.Whole() && substitution.Bare(u.Place, tx.Field) &&
		(p.Type == v1.ParamTypeArray || p.Type == v1.ParamTypeObject && u.Place != substitution.TaskRun && tx.Field != "matrix.params.value") {
		return 0, false
	}
	switch p.Type {
	case "string":
		return PartOfString, v.Star || v.Index >= 0 || v.Key != ""
	case "array":
		switch {
		case v.Key != "":
			return KeyOfArray, true
		case v.Index >= 0:
			n := p.Length()
			return BeyondDefault, n >= 0 && v.Index >= n
		case tx.Item && alone, tx.Whole && alone && v.Star && !v.Bracket:
			return 0, false
		case tx.Whole && alone && v.Bracket:
			return BracketedWhole, true
		case tx.Whole && alone:
			return WholeAsString, true
		case tx.Item || tx.Whole:
			return ArrayInText, true
		}
		return WholeInString, true
	case "object":
		switch {
		case v.Key != "":
			return UnknownKey, true
		case v.Index >= 0:
			return ItemOfObject, true
		case tx.Whole && alone && v.Star && !v.Bracket:
			return 0, false
		case tx.Whole && alone && v.Star:
			return BracketedWhole, true
		case tx.Whole && alone:
			return WholeAsString, true
		}
		return WholeInString, true
	}
	return 0, false
}

// paramProblem returns the problem with a variable for a param in scope.
func (ps *ParamScope) paramProblem(u *Use) (Problem, bool) {
	v := u.Var
	p := ps.Find(v.Name)
	pr := Problem{Use: u, Scope: ps, Param: p}
	if ps.dotted(u) != nil && !checksNames(u) {
		return pr, false // the whole text of the variable is replaced
	}
	if p == nil && v.Key != "" && v.Fault == "" {
		if dotted := ps.Find(v.Name + "." + v.Key); dotted != nil {
			pr.Kind, pr.Param = DottedName, dotted
			return pr, true
		}
	}
	switch {
	case v.Fault != "":
		pr.Kind = Malformed
		return pr, true
	case p == nil:
		pr.Kind = UnknownParam
		return pr, !u.Escaped
	case p.Type == "object" && v.Key != "" && ps.HasKey(v.Name, v.Key):
		return pr, false
	}
	kind, wrong := formProblem(u, p)
	pr.Kind = kind
	return pr, wrong
}

// dotted returns the string param with dots in its name that a variable refers to without
// brackets; nil if there is none.
func (ps *ParamScope) dotted(u *Use) *Param {
	name, ok := strings.CutPrefix(u.Expr, "params.")
	if !ok || !strings.Contains(name, ".") || ps.Find(u.Var.Name) != nil {
		return nil
	}
	if p := ps.Find(name); p != nil && p.Type == v1.ParamTypeString {
		return p
	}
	return nil
}

// checksNames reports whether the webhook looks for a declaration of the params in the
// field of a use. To it, a name ends at the first dot.
func checksNames(u *Use) bool {
	field := u.field()
	if rest, ok := strings.CutPrefix(field, "stepTemplate."); ok {
		field = "steps." + rest // it is merged into the steps
	}
	return substitution.Checked(u.Place, field) || strings.HasPrefix(field, "matrix.")
}

// isParam reports whether a variable refers to a param.
func isParam(u *Use) bool { return u.Var.Kind == tekref.Param }
