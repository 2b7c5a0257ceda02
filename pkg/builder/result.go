package builder

import (
	"github.com/tekwright/tekwright/internal/caller"
	"github.com/tekwright/tekwright/internal/ref"
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
	return Result{t.orNew().result(caller.Here(), name, stringKind, nil, opts)}
}

// ArrayResult declares an array result.
func (t *Task) ArrayResult(name string, opts ...ResultOption) ArrayResult {
	return ArrayResult{t.orNew().result(caller.Here(), name, arrayKind, nil, opts)}
}

// ObjectResult declares an object result with these keys, all of them strings.
func (t *Task) ObjectResult(name string, keys []string, opts ...ResultOption) ObjectResult {
	return ObjectResult{t.orNew().result(caller.Here(), name, objectKind, append([]string{}, keys...), opts)}
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
	return "$(results." + h.decl.name + ".path)"
}

// expr is how the pipeline refers to the result.
func (h resultHandle) expr() (*scope, ref.Form, string) {
	n := h.task.node
	root, form := "tasks.", ref.Value
	if n.finally {
		root, form = "finally.", ref.Final
	}
	return n.scope, form, root + n.name + ".results." + h.decl.name
}

// Path is the file that a step writes the result to, for scripts:
// $(results.NAME.path).
func (r Result) Path() string { return r.r.path() }

// PathText is Path for Env and Args.
func (r Result) PathText() Text { return Text(r.r.path()) }

// Value is the result, for the struct that Define returns.
func (r Result) Value() String {
	if r.r.decl == nil {
		return ""
	}
	s, form, expr := r.r.expr()
	return String(s.token(form, expr))
}

// Path is the file that a step writes the result to, for scripts:
// $(results.NAME.path).
func (r ArrayResult) Path() string { return r.r.path() }

// PathText is Path for Env and Args.
func (r ArrayResult) PathText() Text { return Text(r.r.path()) }

// Value is the result, for the struct that Define returns.
func (r ArrayResult) Value() Array {
	if r.r.decl == nil {
		return Array{}
	}
	s, _, expr := r.r.expr()
	return newArray(s, expr)
}

// Path is the file that a step writes the result to, for scripts:
// $(results.NAME.path).
func (r ObjectResult) Path() string { return r.r.path() }

// PathText is Path for Env and Args.
func (r ObjectResult) PathText() Text { return Text(r.r.path()) }

// Value is the result, for the struct that Define returns.
func (r ObjectResult) Value() Object {
	if r.r.decl == nil {
		return Object{}
	}
	s, _, expr := r.r.expr()
	return newObject(s, expr, r.r.decl.keys)
}
