package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Result is a string result of a task. A step writes the value to Path; a
// trailing newline becomes part of the value.
type Result struct{ r resultHandle }

// ArrayResult is an array result of a task. A step writes a JSON array of strings
// to Path.
type ArrayResult struct{ r resultHandle }

// ObjectResult is an object result of a task. A step writes a JSON object, whose
// values are strings, to Path.
type ObjectResult struct{ r resultHandle }

type resultHandle struct {
	task *Task
	decl *resultDecl
}

// Result declares a string result. By default a task fails if the results that one of
// its steps writes are larger than 4096 bytes together.
func (t *Task) Result(name string, opts ...ResultOption) Result {
	return Result{t.orNew().result(callsite.Here(), name, stringKind, nil, opts)}
}

// ArrayResult declares an array result. A step writes it as a JSON array of strings.
// The size is limited as that of [Task.Result].
func (t *Task) ArrayResult(name string, opts ...ResultOption) ArrayResult {
	return ArrayResult{t.orNew().result(callsite.Here(), name, arrayKind, nil, opts)}
}

// ObjectResult declares an object result with these keys, whose values are
// strings.
func (t *Task) ObjectResult(name string, keys []string, opts ...ResultOption) ObjectResult {
	return ObjectResult{t.orNew().result(callsite.Here(), name, objectKind, append([]string{}, keys...), opts)}
}

func (t *Task) result(at place, name string, k kind, keys []string, opts []ResultOption) resultHandle {
	d := &resultDecl{at: at, name: t.called(name), kind: k, keys: keys}
	for _, o := range opts {
		if o != nil {
			o.result(d)
		}
	}
	t.results = append(t.results, d)
	return resultHandle{t, d}
}

func (h resultHandle) path() string {
	if h.decl == nil {
		return ""
	}
	return tekref.ResultPathOf(h.decl.name).String()
}

// variable returns the variable by which the pipeline refers to the result.
func (h resultHandle) variable() (*scope, handle.Form, tekref.Variable) {
	n := h.task.pipelineTask
	if n.finally {
		return n.scope, handle.Final, tekref.FinallyResultOf(n.name, h.decl.name)
	}
	return n.scope, handle.Value, tekref.TaskResultOf(n.name, h.decl.name)
}

// Path returns the path of the file that a step writes the result to, for use in
// scripts.
func (r Result) Path() string { return r.r.path() }

// PathValue returns the path for use in Env and Args.
func (r Result) PathValue() TaskString { return TaskString(r.r.path()) }

// Value returns the handle of the result, for the struct that Define returns.
func (r Result) Value() String {
	if r.r.decl == nil {
		return ""
	}
	s, form, v := r.r.variable()
	return String(s.token(form, v))
}

// Path returns the path of the file that a step writes the result to, for use in
// scripts.
func (a ArrayResult) Path() string { return a.r.path() }

// PathValue returns the path for use in Env and Args.
func (a ArrayResult) PathValue() TaskString { return TaskString(a.r.path()) }

// Value returns the handle of the result, for the struct that Define returns.
func (a ArrayResult) Value() Array {
	if a.r.decl == nil {
		return Array{}
	}
	s, _, v := a.r.variable()
	return newArray(s, v)
}

// Path returns the path of the file that a step writes the result to, for use in
// scripts.
func (o ObjectResult) Path() string { return o.r.path() }

// PathValue returns the path for use in Env and Args.
func (o ObjectResult) PathValue() TaskString { return TaskString(o.r.path()) }

// Value returns the handle of the result, for the struct that Define returns.
func (o ObjectResult) Value() Object {
	if o.r.decl == nil {
		return Object{}
	}
	s, _, v := o.r.variable()
	return newObject(s, v, o.r.decl.keys)
}
