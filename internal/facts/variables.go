package facts

import "github.com/tekwright/tekwright/internal/tekref"

// Problem is a $(...) that does not get what it asks for, or not there. The
// variables that name results, tasks and workspaces which do not exist are left
// to the facts about these.
type Problem struct {
	Kind ProblemKind
	*Use
	Scope *ParamScope // the params that it could name
	Param *Param      // the one that it names, or was meant to
	Label string      // names the spec or the object that it stands in

	// Task is the Task spec that it stands in, PipelineTask the task of a
	// pipeline; at most one of them is set.
	Task         *TaskSpec
	PipelineTask *PipelineTask
	// Pipeline is what a run runs; nil if it is not known.
	Pipeline *PipelineSpec
	// First is the $(...) that another one stands behind, for OneLength.
	First string
}

// ProblemKind is what is wrong with a $(...).
type ProblemKind int

// The kinds of problems.
const (
	// Malformed: it begins like a variable, and has another form. Var.Fault says
	// why, Var.Fix how it is written.
	Malformed ProblemKind = iota
	// Unterminated: it lacks its closing parenthesis.
	Unterminated
	// DottedName: it reads a key of a param, and a param is called so.
	DottedName
	// BracketedWhole: it passes a whole array or object in the form with
	// brackets, which Tekton does not replace there.
	BracketedWhole
	// StepByName: it names a step where a container has to be named.
	StepByName

	// RemovedResource: it is of PipelineResources, which Tekton has removed.
	RemovedResource
	// MisspeltRoot: its first word is misspelt; Var.Fix is what was meant.
	MisspeltRoot
	// NoVariable: it names nothing that Tekton replaces.
	NoVariable
	// RefusedVariable: it names nothing that Tekton replaces, which Tekton refuses
	// there.
	RefusedVariable
	// UnknownContext: there is no such kind of context.
	UnknownContext
	// UnknownContextField: the context has no such field.
	UnknownContextField
	// ContextCommand: it looks like a context, and a shell runs it as a command.
	ContextCommand
	// UnknownWorkspaceField: a workspace has no such field.
	UnknownWorkspaceField

	// NotReplaced: it stands in a field in which Tekton replaces nothing.
	NotReplaced

	// OutOfScope: the variable is fine elsewhere, and has no meaning in a Task, or
	// in a Pipeline.
	OutOfScope
	// NotInDefault: the default of a param can only name other params.
	NotInDefault
	// NotInStep: it belongs into a step that declares the result.
	NotInStep
	// NotInStepAction: a StepAction has no workspaces.
	NotInStepAction
	// OnlyTemplate: it is for TriggerTemplates.
	OnlyTemplate
	// StepResultField: a result of a step is replaced in some fields only.
	StepResultField
	// ArtifactField: an artifact is replaced in some fields only.
	ArtifactField
	// ResultOfTask: in a StepAction, it is the result of the Task.
	ResultOfTask
	// ResultHere: the path of a result stands in a pipeline where it is not
	// replaced.
	ResultHere
	// BelongsToTask: it stands in a pipeline, and is known in Tasks only.
	BelongsToTask
	// ContextHere: a context of Tasks stands in a pipeline.
	ContextHere
	// ContextField: the context of a task of a pipeline stands in a field where it
	// is not known.
	ContextField
	// OnlyBound: of a workspace a pipeline knows only whether it is bound.
	OnlyBound
	// LengthField: the length of a matrix stands in a field where it is not known.
	LengthField
	// OneLength: a param reads a second length of a matrix.
	OneLength
	// NotInResult: the value of a result of a pipeline can only name results.
	NotInResult
	// NotInRunParam: a param of a run can name no result.
	NotInRunParam
	// OnlyEvent: it is known only where an event starts the run.
	OnlyEvent
	// NotInPodTemplate: a pod template sees only params of tasks.
	NotInPodTemplate

	// UnknownParam: no such param is declared in scope.
	UnknownParam
	// UnknownDefault: the default of a param of a pipeline names no param of it.
	UnknownDefault
	// UnsetParam: the binding of a run names a param that the run does not set.
	UnsetParam
	// UnknownRunParam: neither the TaskRun nor its Task has the param.
	UnknownRunParam

	// PartOfString: it takes a part of a string param.
	PartOfString
	// KeyOfArray: it takes a key of an array param.
	KeyOfArray
	// ItemOfObject: it takes an item of an object param.
	ItemOfObject
	// WholeAsString: it passes a whole array or object without [*].
	WholeAsString
	// ArrayInText: an array stands among other text.
	ArrayInText
	// WholeInString: an array or an object stands where a string is needed.
	WholeInString

	// UnknownKey: the object param has no such key.
	UnknownKey
	// TwinKey: an embedded spec and its Pipeline declare the object param, and only
	// the spec has the key.
	TwinKey
	// BeyondDefault: the item is beyond the default of the array param.
	BeyondDefault
)

// add appends a problem.
func (e *Entry) addProblem(p Problem) { e.problems = append(e.problems, p) }

// Problems returns what is wrong with the variables in the object, in the order
// of its texts.
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

// formProblem says what is wrong with the form in which a param is named, for its
// type and its place.
func formProblem(u *Use, p *Param) (ProblemKind, bool) {
	v, tx, alone := u.Var, u.Text, u.Alone()
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

// paramProblem says what is wrong with a variable that names a param in scope.
func (ps *ParamScope) paramProblem(u *Use) (Problem, bool) {
	v := u.Var
	p := ps.Find(v.Name)
	pr := Problem{Use: u, Scope: ps, Param: p}
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

// isParam reports whether a variable names a param.
func isParam(u *Use) bool { return u.Var.Kind == tekref.Param }
