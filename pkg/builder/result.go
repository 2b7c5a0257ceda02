package builder

import (
	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Result is a string result of a task. A step writes it to Path, without a
// line end that is not meant.
type Result struct{ r resultHandle }

// ArrayResult is an array result: a step writes a JSON list of strings to Path.
type ArrayResult struct{ r resultHandle }

// ObjectResult is an object result: a step writes a JSON object of strings to
// Path.
type ObjectResult struct{ r resultHandle }

type resultHandle struct {
	task *Task
	decl *resultDecl
}

// Result declares a string result.
func (t *Task) Result(name string, opts ...ResultOption) Result {
	return Result{t.orNew().result(callsite.Here(), name, stringKind, nil, opts)}
}

// ArrayResult declares an array result.
func (t *Task) ArrayResult(name string, opts ...ResultOption) ArrayResult {
	return ArrayResult{t.orNew().result(callsite.Here(), name, arrayKind, nil, opts)}
}

// ObjectResult declares an object result with these keys, all of them strings.
func (t *Task) ObjectResult(name string, keys []string, opts ...ResultOption) ObjectResult {
	return ObjectResult{t.orNew().result(callsite.Here(), name, objectKind, append([]string{}, keys...), opts)}
}

func (t *Task) result(at place, name string, k kind, keys []string, opts []ResultOption) resultHandle {
	d := &resultDecl{at: at, name: name, kind: k, keys: keys}
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

// variable is how the pipeline refers to the result.
func (h resultHandle) variable() (*scope, handle.Form, tekref.Variable) {
	n := h.task.node
	if n.finally {
		return n.scope, handle.Final, tekref.FinallyResultOf(n.name, h.decl.name)
	}
	return n.scope, handle.Value, tekref.TaskResultOf(n.name, h.decl.name)
}

// Path is the file that a step writes the result to, for scripts:
// $(results.NAME.path).
func (r Result) Path() string { return r.r.path() }

// PathValue is Path for Env and Args.
func (r Result) PathValue() TaskString { return TaskString(r.r.path()) }

// Value is the result, for the struct that Define returns.
func (r Result) Value() String {
	if r.r.decl == nil {
		return ""
	}
	s, form, v := r.r.variable()
	return String(s.token(form, v))
}

// Path is the file that a step writes the result to, for scripts:
// $(results.NAME.path).
func (r ArrayResult) Path() string { return r.r.path() }

// PathValue is Path for Env and Args.
func (r ArrayResult) PathValue() TaskString { return TaskString(r.r.path()) }

// Value is the result, for the struct that Define returns.
func (r ArrayResult) Value() Array {
	if r.r.decl == nil {
		return Array{}
	}
	s, _, v := r.r.variable()
	return newArray(s, v)
}

// Path is the file that a step writes the result to, for scripts:
// $(results.NAME.path).
func (r ObjectResult) Path() string { return r.r.path() }

// PathValue is Path for Env and Args.
func (r ObjectResult) PathValue() TaskString { return TaskString(r.r.path()) }

// Value is the result, for the struct that Define returns.
func (r ObjectResult) Value() Object {
	if r.r.decl == nil {
		return Object{}
	}
	s, _, v := r.r.variable()
	return newObject(s, v, r.r.decl.keys)
}
