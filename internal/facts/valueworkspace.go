package facts

import (
	"maps"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// This file finds the workspaces that the values of params refer to. Tekton replaces params
// before workspaces, so that a variable of a workspace can be part of a value: of one that
// a task passes, of one that a run passes through its pipeline, and of a default.

// paramOf is a param of a Task or a Pipeline.
type paramOf struct {
	scope *ParamScope
	name  string
}

// passedText is a text of a value that a param gets, and the params that it can read.
type passedText struct {
	text string
	from *ParamScope // nil for values of runs
}

// valueIndex finds the workspaces in the values of params.
type valueIndex struct {
	values map[paramOf][]passedText
	names  map[paramOf]map[string]bool
	scopes map[*ParamScope]map[string]bool
}

// inValues reports whether a value of a param that a scope declares refers to the workspace.
// The params of an embedded spec include those around it.
func (s *Set) inValues(scope *ParamScope, workspace string) bool {
	if s.valueWorkspaces == nil {
		s.valueWorkspaces = s.indexValues()
	}
	x := s.valueWorkspaces
	for ; scope != nil; scope = scope.Outer {
		names, ok := x.scopes[scope]
		if !ok {
			names = map[string]bool{}
			for _, p := range scope.List {
				maps.Copy(names, x.workspaces(paramOf{scope, p.Name}))
			}
			x.scopes[scope] = names
		}
		if names[workspace] {
			return true
		}
	}
	return false
}

func (s *Set) indexValues() *valueIndex {
	x := &valueIndex{values: map[paramOf][]passedText{}, names: map[paramOf]map[string]bool{}, scopes: map[*ParamScope]map[string]bool{}}
	for _, e := range s.All() {
		for _, t := range e.TaskSpecs() {
			x.defaults(t.Params)
		}
		for _, p := range e.PipelineSpecs() {
			x.defaults(p.Params)
			for _, t := range p.Tasks {
				x.add(t.Runs.Params, t.Params, p.Params)
				if t.Matrix != nil {
					x.add(t.Runs.Params, t.Matrix.GetAllParams(), p.Params)
				}
			}
		}
		switch {
		case e.Run != nil:
			if p := e.RunPipeline(); p != nil {
				x.add(p.Params, e.Run.Spec.Params, nil)
			}
		case e.TaskRun != nil:
			x.add(e.RunTask().Params, e.TaskRun.Spec.Params, nil)
		}
	}
	return x
}

func (x *valueIndex) defaults(scope *ParamScope) {
	if scope == nil {
		return
	}
	for _, p := range scope.List {
		if p.Default != nil {
			x.value(paramOf{scope, p.Name}, p.Default, nil)
		}
	}
}

// add adds values that are passed to the scope.
func (x *valueIndex) add(to *ParamScope, params v1.Params, from *ParamScope) {
	if to == nil {
		return
	}
	for i := range params {
		x.value(paramOf{to, params[i].Name}, &params[i].Value, from)
	}
}

func (x *valueIndex) value(of paramOf, v *v1.ParamValue, from *ParamScope) {
	for _, text := range textsOf(v) {
		if strings.Contains(text, "$(workspaces.") || from != nil && strings.Contains(text, "$(params") {
			x.values[of] = append(x.values[of], passedText{text, from})
		}
	}
}

// workspaces returns the workspaces in the values of a param, and in those of the params that
// these read.
func (x *valueIndex) workspaces(of paramOf) map[string]bool {
	if len(x.values[of]) == 0 {
		return nil
	}
	if names, ok := x.names[of]; ok {
		return names
	}
	out := map[string]bool{}
	x.names[of] = out // a pipeline may run itself
	for _, p := range x.values[of] {
		for m := range tekref.Scan(p.text) {
			switch v := tekref.Parse(m.Expr); {
			case v.Kind == tekref.Workspace:
				out[v.Owner] = true
			case v.Kind == tekref.Param && p.from != nil:
				if found := p.from.Find(v.Name); found != nil {
					maps.Copy(out, x.workspaces(paramOf{found.scope, v.Name}))
				}
			}
		}
	}
	return out
}
