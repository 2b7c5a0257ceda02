package importer

import (
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/tekref"
)

// scope knows the handles of a scope: what the variables of Tekton are in Go.
type scope struct {
	params  map[string]*declared
	results map[string]*plan.Var            // of a task: $(results.x.path)
	mounts  map[string]*plan.Var            // workspaces of a task
	steps   map[string]*plan.Var            // of a task: $(steps.step-x.exitCode.path)
	outputs map[[2]string]handleOf          // of tasks or steps, by owner and name
	spaces  map[string]*plan.Var            // workspaces of a pipeline
	status  func(task string) plan.Expr     // of a task of the pipeline, nil if there is none
	task    bool                            // the scope is that of a task
	outer   func(tekref.Variable) plan.Expr // of a task in a pipeline: a param of the pipeline, nil if there is none
	final   bool                            // texts are those of finally tasks
	pac     bool                            // texts are those of a run of Pipelines-as-Code
}

// declared is a param.
type declared struct {
	v    *plan.Var
	kind v1.ParamType
	keys map[string]bool
}

// handleOf returns a result as an expression.
type handleOf struct {
	kind v1.ParamType
	use  func() plan.Expr
}

func newScope(task bool) *scope {
	return &scope{
		params: map[string]*declared{}, results: map[string]*plan.Var{}, mounts: map[string]*plan.Var{},
		steps: map[string]*plan.Var{}, outputs: map[[2]string]handleOf{}, spaces: map[string]*plan.Var{}, task: task,
	}
}

// text returns a text with handles for its variables. What no handle can write stays text.
func (s *scope) text(t string) plan.Expr { return s.join(t, false) }

// item returns an item of a list, which may stand for all items of an array.
func (s *scope) item(t string) plan.Expr {
	if v, ok := s.only(t); ok {
		if a := s.whole(v, v1.ParamTypeArray); a != nil {
			return plan.Method(a, "All")
		}
	}
	return s.text(t)
}

// items returns the items of a list.
func (s *scope) items(list []string) []plan.Expr {
	out := make([]plan.Expr, len(list))
	for i, t := range list {
		out[i] = s.item(t)
	}
	return out
}

// only returns the variable that a text consists of.
func (s *scope) only(t string) (tekref.Variable, bool) {
	for m := range tekref.Scan(t) {
		if m.Start == 0 && m.End == len(t) && !m.Open {
			v := tekref.Parse(m.Expr)
			return v, v.Kind != tekref.None && v.Fault == ""
		}
		break
	}
	return tekref.Variable{}, false
}

// join splits a text into handles and constants. In a plain text, handles are plain
// strings: the paths of files.
func (s *scope) join(t string, plain bool) plan.Expr {
	if !strings.Contains(t, "$(") && !(s.pac && strings.Contains(t, "{{")) {
		return plan.Text(t)
	}
	var parts plan.Join
	last := 0
	constant := func(t string) {
		if s.pac && !plain {
			parts = append(parts, withVariables(t)...)
			return
		}
		parts = append(parts, plan.Text(t))
	}
	for m := range tekref.Scan(t) {
		if m.Open || m.Escaped {
			continue
		}
		v := tekref.Parse(m.Expr)
		if v.Fault != "" {
			continue
		}
		e := s.handle(v, plain)
		if e == nil {
			continue
		}
		if m.Start > last {
			constant(t[last:m.Start])
		}
		parts, last = append(parts, e), m.End
	}
	if last < len(t) {
		constant(t[last:])
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return parts
}

// handle returns the handle of a variable that is a string, or nil if there is none.
func (s *scope) handle(v tekref.Variable, plain bool) plan.Expr {
	path := func(on *plan.Var, method string) plan.Expr {
		if plain {
			return plan.Method(on, method)
		}
		return plan.Method(on, method+"Value")
	}
	switch v.Kind {
	case tekref.ResultPath:
		if r := s.results[v.Name]; r != nil && s.task {
			return path(r, "Path")
		}
	case tekref.StepExitCode:
		if st := s.steps[strings.TrimPrefix(v.Owner, "step-")]; st != nil {
			return path(st, "ExitCodePath")
		}
	case tekref.Workspace:
		return s.workspace(v, path, plain)
	case tekref.Param:
		switch d := s.params[v.Name]; {
		case plain:
		case d != nil:
			return d.value(v)
		case s.outer != nil:
			return s.outer(v)
		}
	case tekref.TaskResult, tekref.StepResult:
		if h, ok := s.outputs[[2]string{v.Owner, v.Name}]; ok && !plain {
			return element(h.use, h.kind, nil, v)
		}
	case tekref.TaskStatus:
		if s.final && !plain && s.status != nil {
			method := "Status"
			if strings.HasSuffix(v.Expr, ".reason") {
				method = "Reason"
			}
			if t := s.status(v.Owner); t != nil {
				return plan.Method(plan.Method(t, method), "Value")
			}
		}
	case tekref.Context:
		if !plain {
			return s.context(v)
		}
	case tekref.Credentials:
		if s.task && !plain {
			return plan.Const("CredentialsPath")
		}
	}
	return nil
}

func (s *scope) workspace(v tekref.Variable, path func(*plan.Var, string) plan.Expr, plain bool) plan.Expr {
	if m := s.mounts[v.Owner]; m != nil {
		switch v.Name {
		case "path":
			return path(m, "Path")
		case "bound", "claim", "volume":
			if !plain {
				return plan.Method(m, map[string]string{"bound": "Bound", "claim": "Claim", "volume": "VolumeName"}[v.Name])
			}
		}
		return nil
	}
	if w := s.spaces[v.Owner]; w != nil && v.Name == "bound" {
		return plan.Method(w, "Bound")
	}
	return nil
}

// contexts are the constants for variables of the run, by scope.
var contexts = map[bool]map[string]plan.Const{
	true: {
		"context.taskRun.name": "TaskRunName", "context.taskRun.uid": "TaskRunUID", "context.taskRun.namespace": "TaskRunNamespace",
		"context.task.name": "TaskName", "context.task.retry-count": "RetryCount",
	},
	false: {
		"context.pipelineRun.name": "RunName", "context.pipelineRun.uid": "RunUID", "context.pipelineRun.namespace": "RunNamespace",
		"context.pipeline.name": "PipelineName", "context.pipelineTask.retries": "TaskRetries",
	},
}

func (s *scope) context(v tekref.Variable) plan.Expr {
	if c, ok := contexts[s.task][v.Expr]; ok {
		return c
	}
	return nil
}

// value returns a string that a variable of the param is.
func (d *declared) value(v tekref.Variable) plan.Expr {
	return element(func() plan.Expr { return d.v }, d.kind, d.keys, v)
}

// element returns the string that a variable takes from a value: the value itself, an item
// or the value of a key.
func element(use func() plan.Expr, kind v1.ParamType, keys map[string]bool, v tekref.Variable) plan.Expr {
	switch {
	case v.Star:
	case v.Index >= 0 && kind == v1.ParamTypeArray:
		return plan.Method(use(), "At", plan.Int(v.Index))
	case v.Key != "" && kind == v1.ParamTypeObject && (keys == nil || keys[v.Key]):
		return plan.Method(use(), "Key", plan.Text(v.Key))
	case v.Index < 0 && v.Key == "" && (kind == v1.ParamTypeString || kind == ""):
		return use()
	}
	return nil
}

// whole returns the array or the object that a variable stands for, or nil. Tekton replaces
// $(params.x) by a whole array too, if it is all of a value.
func (s *scope) whole(v tekref.Variable, kind v1.ParamType) plan.Expr {
	if v.Index >= 0 || v.Key != "" || !v.Star && v.Kind != tekref.Param {
		return nil
	}
	switch v.Kind {
	case tekref.Param:
		if d := s.params[v.Name]; d != nil && d.kind == kind {
			return d.v
		}
	case tekref.TaskResult:
		if h, ok := s.outputs[[2]string{v.Owner, v.Name}]; ok && h.kind == kind {
			return h.use()
		}
	}
	return nil
}

// objectOf returns an object with the given values.
func (s *scope) objectOf(values map[string]string) plan.Expr {
	m, f := plan.Map{Kind: plan.String}, "ObjectOf"
	if s.task {
		m.Kind, f = plan.TaskString, "TaskObjectOf"
	}
	for _, k := range slices.Sorted(maps.Keys(values)) {
		m.Entries = append(m.Entries, plan.Entry{Key: k, Value: s.text(values[k])})
	}
	return plan.Fn(f, m)
}

// value returns a value for an input of a type, or nil if there is none in Go.
func (s *scope) value(kind v1.ParamType, v *v1.ParamValue) plan.Expr {
	text := v.StringVal
	if v.Type == v1.ParamTypeArray && len(v.ArrayVal) == 1 {
		text = v.ArrayVal[0]
	}
	if kind != v1.ParamTypeString && kind != "" && v.Type != v1.ParamTypeObject {
		if x, ok := s.only(text); ok {
			if e := s.whole(x, kind); e != nil {
				return e
			}
		}
	}
	list, empty := "Strings", "Empty"
	if s.task {
		list, empty = "TaskStrings", "EmptyTaskString"
	}
	switch {
	case kind == v1.ParamTypeArray && v.Type == v1.ParamTypeArray:
		return plan.Fn(list, s.items(v.ArrayVal)...)
	case kind == v1.ParamTypeObject && v.Type == v1.ParamTypeObject:
		return s.objectOf(v.ObjectVal)
	case kind != v1.ParamTypeString && kind != "" || v.Type != v1.ParamTypeString:
		return nil
	case text == "":
		return plan.Const(empty)
	}
	return s.text(text)
}

// declare returns the call that declares a param on its owner. The value is that of the
// input, which only tasks have.
func (s *scope) declare(owner plan.Expr, v *plan.Var, p *v1.ParamSpec, value ...plan.Expr) plan.Expr {
	d := &declared{v: v, kind: p.Type}
	method, args := "Param", append([]plan.Expr{plan.Text(p.Name)}, value...)
	switch p.Type {
	case v1.ParamTypeArray:
		method = "ArrayParam"
	case v1.ParamTypeObject:
		method = "ObjectParam"
		keys := keysOf(p.Properties)
		args = append(args, plan.Literal{Value: keys})
		d.keys = map[string]bool{}
		for _, k := range keys {
			d.keys[k] = true
		}
	}
	s.params[p.Name] = d
	return plan.Method(owner, method, append(args, paramOptions(p)...)...)
}
