package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// AnyStepResult is a result of a step, for [FromStep]: a [StepResult], a
// [StepArrayResult] or a [StepObjectResult]. A string result of a StepAction is a [TaskString]
// of its output.
type AnyStepResult interface {
	stepResult() (value TaskString, k kind)
}

// StepResult is a string result of a step.
type StepResult struct {
	scope      *scope // the task's
	step, name string
}

// StepArrayResult is an array result of a step. The step writes a JSON array of strings
// to Path.
type StepArrayResult struct{ r StepResult }

// StepObjectResult is an object result of a step. The step writes a JSON object, whose
// values are strings, to Path.
type StepObjectResult struct {
	r    StepResult
	keys []string
}

// Result declares a string result of the step. Later steps can use it, and
// [FromStep] makes it a result of the task.
func (s *Step) Result(name string, opts ...ResultOption) StepResult {
	return s.result(callsite.Here(), name, stringKind, nil, opts)
}

// ArrayResult declares an array result of the step; see [Step.Result].
func (s *Step) ArrayResult(name string, opts ...ResultOption) StepArrayResult {
	return StepArrayResult{s.result(callsite.Here(), name, arrayKind, nil, opts)}
}

// ObjectResult declares an object result of the step with these keys, whose values are
// strings; see [Step.Result].
func (s *Step) ObjectResult(name string, keys []string, opts ...ResultOption) StepObjectResult {
	keys = append([]string{}, keys...)
	return StepObjectResult{s.result(callsite.Here(), name, objectKind, keys, opts), keys}
}

func (s *Step) result(at place, name string, k kind, keys []string, opts []ResultOption) StepResult {
	if s == nil || s.task == nil {
		return StepResult{}
	}
	s.results = append(s.results, stepResultDecl(s.task.scope, at, name, k, keys, opts))
	return StepResult{scope: s.task.scope, step: s.name, name: name}
}

// Result declares a string result. Its Value is for later steps of the task
// that runs the StepAction.
func (s *StepAction) Result(name string, opts ...ResultOption) StepResult {
	return s.orNew().result(callsite.Here(), name, stringKind, nil, opts)
}

// ArrayResult declares an array result; see [StepAction.Result].
func (s *StepAction) ArrayResult(name string, opts ...ResultOption) StepArrayResult {
	return StepArrayResult{s.orNew().result(callsite.Here(), name, arrayKind, nil, opts)}
}

// ObjectResult declares an object result with these keys, whose values are strings; see
// [StepAction.Result].
func (s *StepAction) ObjectResult(name string, keys []string, opts ...ResultOption) StepObjectResult {
	keys = append([]string{}, keys...)
	return StepObjectResult{s.orNew().result(callsite.Here(), name, objectKind, keys, opts), keys}
}

func (s *StepAction) result(at place, name string, k kind, keys []string, opts []ResultOption) StepResult {
	s.results = append(s.results, stepResultDecl(s.scope, at, name, k, keys, opts))
	return StepResult{scope: s.step.scope, step: s.step.name, name: name}
}

func stepResultDecl(s *scope, at place, name string, k kind, keys []string, opts []ResultOption) *resultDecl {
	d := &resultDecl{at: at, name: name, kind: k, keys: keys}
	for _, o := range opts {
		if o != nil {
			o.result(d)
		}
	}
	if d.fromStep {
		s.reportf(at, "option-misplaced", "result %s of a step uses FromStep, which is for results of a task", quote(name)).
			Help = "remove FromStep"
	}
	return d
}

// Path returns the path of the file that the step writes the result to, for use in
// scripts.
func (s StepResult) Path() string {
	if s.scope == nil {
		return ""
	}
	return tekref.StepResultPathOf(s.name).String()
}

// PathValue returns the path for use in Env and Args.
func (s StepResult) PathValue() TaskString { return TaskString(s.Path()) }

// Value returns the result for use in Env, Command and Args of later steps of the task.
func (s StepResult) Value() TaskString {
	if s.scope == nil {
		return ""
	}
	return TaskString(s.scope.token(handle.Value, tekref.StepResultOf(s.step, s.name)))
}

func (s StepResult) stepResult() (TaskString, kind) { return s.Value(), stringKind }

func (t TaskString) stepResult() (TaskString, kind) { return t, stringKind }

// Path returns the path of the file that the step writes the result to, for use in
// scripts.
func (s StepArrayResult) Path() string { return s.r.Path() }

// PathValue returns the path for use in Env and Args.
func (s StepArrayResult) PathValue() TaskString { return s.r.PathValue() }

// Value returns the result for use in later steps of the task.
func (s StepArrayResult) Value() TaskArray {
	if s.r.scope == nil {
		return TaskArray{}
	}
	return TaskArray{newArray(s.r.scope, tekref.StepResultOf(s.r.step, s.r.name)).d}
}

func (s StepArrayResult) stepResult() (TaskString, kind) { return s.r.Value(), arrayKind }

// Path returns the path of the file that the step writes the result to, for use in
// scripts.
func (s StepObjectResult) Path() string { return s.r.Path() }

// PathValue returns the path for use in Env and Args.
func (s StepObjectResult) PathValue() TaskString { return s.r.PathValue() }

// Value returns the result for use in later steps of the task.
func (s StepObjectResult) Value() TaskObject {
	if s.r.scope == nil {
		return TaskObject{}
	}
	return TaskObject{newObject(s.r.scope, tekref.StepResultOf(s.r.step, s.r.name), s.keys).d}
}

func (s StepObjectResult) stepResult() (TaskString, kind) { return s.r.Value(), objectKind }
