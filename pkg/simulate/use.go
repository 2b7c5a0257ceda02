package simulate

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// use is how a pipeline uses a result of one of its tasks.
type use struct {
	whole  bool     // as $(tasks.t.results.r[*])
	length int      // the highest index, plus 1
	keys   []string // of an object
}

// reference is a result in a text: the task, the result, and what follows it.
var reference = regexp.MustCompile(`\$\((?:tasks|finally)\.([^.()$]+)\.results(?:\.([^.()$\[\]]+)|\['([^'()$]+)'\]|\[\\"([^"()$\\]+)\\"\])(\[[^\]()$]*\]|\.[^()$]+)?\)`)

// usesOf returns how the pipeline uses results, by pipeline task and result.
func usesOf(spec *v1.PipelineSpec) map[string]map[string]*use {
	uses := map[string]map[string]*use{}
	own := spec.DeepCopy()
	for _, tasks := range [][]v1.PipelineTask{own.Tasks, own.Finally} {
		for i := range tasks {
			tasks[i].PipelineSpec = nil // has tasks of its own
		}
	}
	text, err := json.Marshal(own)
	if err != nil {
		return uses
	}
	for _, m := range reference.FindAllStringSubmatch(string(text), -1) {
		task, result, rest := m[1], m[2]+m[3]+m[4], m[5]
		if uses[task] == nil {
			uses[task] = map[string]*use{}
		}
		u := uses[task][result]
		if u == nil {
			u = &use{}
			uses[task][result] = u
		}
		switch {
		case rest == "[*]":
			u.whole = true
		case strings.HasPrefix(rest, "["):
			if n, err := strconv.Atoi(strings.Trim(rest, "[]")); err == nil && n >= 0 && n < 1000 {
				u.length = max(u.length, n+1)
			}
		case strings.HasPrefix(rest, "."):
			if k := rest[1:]; !slices.Contains(u.keys, k) {
				u.keys = append(u.keys, k)
			}
		}
	}
	return uses
}

// declaration declares a result as it is used.
func (u *use) declaration(name string, matrixed bool) v1.TaskResult {
	r := v1.TaskResult{Name: name, Type: v1.ResultsTypeString}
	switch {
	case len(u.keys) > 0:
		r.Type, r.Properties = v1.ResultsTypeObject, map[string]v1.PropertySpec{}
		for _, k := range u.keys {
			r.Properties[k] = v1.PropertySpec{Type: v1.ParamTypeString}
		}
	case matrixed: // [*] has the results of all combinations
	case u.whole, u.length > 0:
		r.Type = v1.ResultsTypeArray
	}
	return r
}

// whole is a text that is nothing but all of an array or an object.
var whole = regexp.MustCompile(`^\$\((params|tasks)\.([^()$]+)\[\*\]\)$`)

// typeOf returns the type of a param value when all variables are replaced.
func typeOf(spec *v1.PipelineSpec, value v1.ParamValue) v1.ParamType {
	m := whole.FindStringSubmatch(value.StringVal)
	if value.Type != v1.ParamTypeString || m == nil {
		return value.Type
	}
	if m[1] == "params" {
		for _, p := range spec.Params {
			if p.Name == m[2] {
				return p.Type
			}
		}
	}
	return v1.ParamTypeArray
}

// customResults are the results of a custom task: those that the pipeline uses.
func (p *plan) customResults(path string) (results []v1.TaskResult) {
	for _, name := range sorted(p.uses[path]) {
		results = append(results, v1.TaskResult{Name: name, Type: v1.ResultsTypeString})
	}
	return results
}
