package importer

import (
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// signature returns what the tasks that refer to a definition show of it: the inputs that
// they set, and the results that their pipelines use.
func (x *Index) signature(uses []use) *v1.TaskSpec {
	in := inputs{kinds: map[string]v1.ParamType{}, sets: map[string]int{}, spaces: map[string]int{}}
	results, keys := map[string]v1.ParamType{}, map[string]map[string]v1.PropertySpec{}
	for _, u := range uses {
		in.add(u)
		for name, kind := range x.resultsOf(u.spec, u.pt.Name) {
			if kind == v1.ParamTypeArray && u.pt.Matrix != nil {
				kind = v1.ParamTypeString // collected
			}
			if k := results[name]; k == "" || k == v1.ParamTypeString {
				results[name] = kind
			}
			if kind == v1.ParamTypeObject {
				if keys[name] == nil {
					keys[name] = map[string]v1.PropertySpec{}
				}
				maps.Copy(keys[name], x.keysUsed(u, name))
			}
		}
	}
	spec := in.spec(len(uses))
	for _, name := range slices.Sorted(maps.Keys(results)) {
		r := v1.TaskResult{Name: name, Type: v1.ResultsType(results[name])}
		if results[name] == v1.ParamTypeObject {
			r.Properties = keys[name]
		}
		spec.Results = append(spec.Results, r)
	}
	return spec
}

// inputs are the inputs that tasks set.
type inputs struct {
	params, workspaces []string // in the order of their first use
	kinds              map[string]v1.ParamType
	sets, spaces       map[string]int // by how many tasks
}

func (in *inputs) add(u use) {
	declare := func(p *v1.Param, kind v1.ParamType) {
		if _, ok := in.kinds[p.Name]; !ok {
			in.params = append(in.params, p.Name)
		}
		if k := in.kinds[p.Name]; k == "" || k == v1.ParamTypeString {
			in.kinds[p.Name] = kind
		}
		in.sets[p.Name]++
	}
	for i := range u.pt.Params {
		p := &u.pt.Params[i]
		kind := p.Value.Type
		if kind == v1.ParamTypeString {
			kind = wholeKind(u.spec, p.Value.StringVal)
		}
		declare(p, kind)
	}
	if m := u.pt.Matrix; m != nil {
		for i := range m.Params {
			declare(&m.Params[i], v1.ParamTypeString)
		}
		for _, inc := range m.Include {
			for i := range inc.Params {
				if _, ok := in.kinds[inc.Params[i].Name]; !ok {
					declare(&inc.Params[i], v1.ParamTypeString)
				}
			}
		}
	}
	for i := range u.pt.Workspaces {
		w := &u.pt.Workspaces[i]
		if slices.ContainsFunc(u.spec.Workspaces, func(d v1.PipelineWorkspaceDeclaration) bool { return d.Name == workspaceOf(w) && d.Optional }) {
			in.spaces[w.Name]-- // it must be optional
		}
		if !slices.Contains(in.workspaces, w.Name) {
			in.workspaces = append(in.workspaces, w.Name)
		}
		in.spaces[w.Name]++
	}
}

// spec returns declarations of the inputs. Those that some of the tasks do not set are
// optional.
func (in *inputs) spec(uses int) *v1.TaskSpec {
	spec := &v1.TaskSpec{}
	for _, name := range in.params {
		p := v1.ParamSpec{Name: name, Type: in.kinds[name]}
		if in.sets[name] < uses {
			p.Default = emptyOf(p.Type)
		}
		spec.Params = append(spec.Params, p)
	}
	for _, name := range in.workspaces {
		spec.Workspaces = append(spec.Workspaces, v1.WorkspaceDeclaration{Name: name, Optional: in.spaces[name] < uses})
	}
	return spec
}

func emptyOf(kind v1.ParamType) *v1.ParamValue {
	v := &v1.ParamValue{Type: kind}
	switch kind {
	case v1.ParamTypeArray:
		v.ArrayVal = []string{}
	case v1.ParamTypeObject:
		v.ObjectVal = map[string]string{}
	}
	return v
}

// resultsIn returns the results of tasks that a pipeline uses, by task. It is asked for each of
// its tasks, so it is remembered.
func (x *Index) resultsIn(spec *v1.PipelineSpec) map[string][]tekref.Variable {
	if known, ok := x.used[spec]; ok {
		return known
	}
	of := map[string][]tekref.Variable{}
	eachVariable(spec, func(v tekref.Variable) {
		if v.Kind == tekref.TaskResult || v.Kind == tekref.FinallyResult {
			of[v.Owner] = append(of[v.Owner], v)
		}
	})
	x.used[spec] = of
	return of
}

// eachVariable calls visit for each variable in the spec of a pipeline.
func eachVariable(spec *v1.PipelineSpec, visit func(tekref.Variable)) {
	handle.Walk(spec.DeepCopy(), func(t string) string {
		if strings.Contains(t, "$(") {
			for m := range tekref.Scan(t) {
				if v := tekref.Parse(m.Expr); v.Fault == "" && !m.Open {
					visit(v)
				}
			}
		}
		return t
	})
}

// resultsOf returns the results of a task that the pipeline uses, with the types that their
// use shows.
func (x *Index) resultsOf(spec *v1.PipelineSpec, task string) map[string]v1.ParamType {
	out := map[string]v1.ParamType{}
	for _, v := range x.resultsIn(spec)[task] {
		switch {
		case v.Key != "":
			out[v.Name] = v1.ParamTypeObject
		case v.Star || v.Index >= 0:
			if out[v.Name] != v1.ParamTypeObject {
				out[v.Name] = v1.ParamTypeArray
			}
		case out[v.Name] == "":
			out[v.Name] = v1.ParamTypeString
		}
	}
	return out
}

// keysUsed returns the keys of an object result that the pipeline uses.
func (x *Index) keysUsed(u use, result string) map[string]v1.PropertySpec {
	out := map[string]v1.PropertySpec{}
	for _, v := range x.resultsIn(u.spec)[u.pt.Name] {
		if v.Kind == tekref.TaskResult && v.Name == result && v.Key != "" {
			out[v.Key] = v1.PropertySpec{Type: v1.ParamTypeString}
		}
	}
	return out
}

// wholeKind returns the type of a text: that of the array or object if it is a whole one.
func wholeKind(spec *v1.PipelineSpec, text string) v1.ParamType {
	v, ok := newScope(false).only(text)
	if !ok || v.Index >= 0 || v.Key != "" {
		return v1.ParamTypeString
	}
	for i := range spec.Params {
		if p := typed(&spec.Params[i]); v.Kind == tekref.Param && p.Name == v.Name {
			return p.Type
		}
	}
	if !v.Star {
		return v1.ParamTypeString
	}
	return v1.ParamTypeArray
}
