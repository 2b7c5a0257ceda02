package oracle

import (
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// referring makes a fault of a value that refers to something wrong.
func referring(t v1.ParamType, values ...v1.ParamValue) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		return one(g, s.replaced(t, func(taskNode) []v1.ParamValue { return values }))
	}
}

// ofPipeline makes a fault of a value that uses a param of the Pipeline.
func ofPipeline(t, from v1.ParamType, use func(name string) string) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		spec, _ := s.spec()
		return one(g, s.replaced(t, func(taskNode) []v1.ParamValue {
			var out []v1.ParamValue
			for _, p := range ofType(spec.Params, from) {
				if !strings.Contains(p.Name, ".") {
					out = append(out, text(use(p.Name)))
				}
			}
			return out
		}))
	}
}

var paramFaults = []fault{
	{name: "task without a required param", row: 9, codes: []string{"param-missing"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, n := range s.nodes() {
			for i, p := range n.Params {
				if spec := paramOf(n.spec.Params, p.Name); spec.Default == nil {
					sites = append(sites, site{[]string{where}, drop((*[]v1.Param)(&n.PipelineTask.Params), i)})
				}
			}
		}
		return one(g, sites)
	}},
	{name: "task param of the wrong type", row: 10, codes: []string{"param-type"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, p := range s.passes() {
			for _, v := range []v1.ParamValue{text("plain"), list("an", "array"), objectValue(map[string]string{"url": "x"})} {
				if v.Type != p.spec.Type {
					sites = append(sites, site{[]string{where}, func() { *p.value = v }})
				}
			}
		}
		return one(g, sites)
	}},
	{name: "task object without a key", row: 11, codes: []string{"key-missing"}, blind: "an object without any key is not looked at", do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, p := range s.passes() {
			if p.value.Type != v1.ParamTypeObject || p.spec.Default != nil {
				continue
			}
			for _, k := range sortedKeys(p.value.ObjectVal) {
				sites = append(sites, site{[]string{where}, func() {
					m := maps.Clone(p.value.ObjectVal)
					delete(m, k)
					*p.value = objectValue(m)
				}})
			}
		}
		return one(g, sites)
	}},
	{name: "task param that its Task does not declare", row: 12, codes: []string{"param-extra"}, ignored: true, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		n, _ := pick(g, s.nodes())
		n.Params = append(n.Params, v1.Param{Name: "stray", Value: text("x")})
		if n.TaskSpec != nil {
			return nil // it reaches the steps
		}
		return []string{where}
	}},
	{name: "task value not in the enum", row: 63, codes: []string{"enum-invalid"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, p := range s.passes() {
			if len(p.spec.Enum) > 0 {
				sites = append(sites, site{[]string{where}, func() { *p.value = text("purple") }})
			}
		}
		return one(g, sites)
	}},
	{name: "Pipeline enum wider than that of the Task", row: 63, codes: []string{"enum-invalid"},
		blind: "ValidateParamEnumSubset stops at the first param without an enum", do: func(g *gen, s *system) []string {
			ps, where := s.spec()
			var sites []site
			for _, p := range s.passes() {
				name, ok := strings.CutPrefix(p.value.StringVal, "$(params['")
				if spec := paramOf(ps.Params, strings.TrimSuffix(name, "'])")); ok && len(p.spec.Enum) > 0 && spec != nil {
					sites = append(sites, site{[]string{where}, func() { spec.Enum = append(slices.Clone(spec.Enum), "purple") }})
				}
			}
			return one(g, sites)
		}},
	{name: "param of the Pipeline misspelt", codes: []string{"param-unknown"}, do: referring(v1.ParamTypeString,
		text("$(params.tyop)"), text("with $(params.tyop)"), text("$(params['tyop'])"))},
	{name: "param of the Pipeline misspelt in an array", codes: []string{"param-unknown"}, do: referring(v1.ParamTypeArray,
		list("one", "$(params.tyop)"), text("$(params.tyop[*])"))},
	{name: "param of the Pipeline misspelt in when", codes: []string{"param-unknown"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		n, _ := pick(g, s.nodes())
		n.When = v1.WhenExpressions{{Input: "$(params.tyop)", Operator: "in", Values: []string{"yes"}}}
		return []string{where}
	}},
	{name: "object key of the Pipeline misspelt", codes: []string{"key-unknown"}, do: ofPipeline(v1.ParamTypeString, v1.ParamTypeObject,
		func(name string) string { return "$(params." + name + ".tyop)" })},
	{name: "array of the Pipeline as a string", codes: []string{"param-type", "variable-syntax"}, do: ofPipeline(v1.ParamTypeString, v1.ParamTypeArray,
		func(name string) string { return "$(params." + name + "[*])" })},
	{name: "string of the Pipeline as an array", row: 45, codes: []string{"param-type", "variable-syntax"}, do: ofPipeline(v1.ParamTypeArray, v1.ParamTypeString,
		func(name string) string { return "$(params." + name + "[*])" })},
	{name: "string of the Pipeline as an object", row: 45, codes: []string{"param-type", "variable-syntax"}, do: ofPipeline(v1.ParamTypeObject, v1.ParamTypeString,
		func(name string) string { return "$(params." + name + "[*])" })},
	{name: "whole array of the Pipeline in brackets", codes: []string{"variable-syntax"}, do: ofPipeline(v1.ParamTypeArray, v1.ParamTypeArray,
		func(name string) string { return `$(params["` + name + `"][*])` })},
	{name: "index beyond an array of the Pipeline", row: 8, codes: []string{"index-range"}, do: ofPipeline(v1.ParamTypeString, v1.ParamTypeArray,
		func(name string) string { return "$(params." + name + "[7])" })},
	{name: "context variable misspelt", row: 35, codes: []string{"variable-unknown"}, do: referring(v1.ParamTypeString,
		text("$(context.pipelineRun.nmae)"), text("$(context.pipeline.uid)"))},
	{name: "context variable misspelt in when", row: 35, codes: []string{"variable-unknown"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		n, _ := pick(g, s.nodes())
		n.When = v1.WhenExpressions{{Input: "$(context.pipelineRun.nmae)", Operator: "in", Values: []string{"yes"}}}
		return []string{where}
	}},
	{name: "param misspelt in a workspace's subPath", row: 36, codes: []string{"param-unknown"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, n := range s.nodes() {
			for i := range n.Workspaces {
				sites = append(sites, site{[]string{where}, func() { n.Workspaces[i].SubPath = "at/$(params.tyop)" }})
			}
		}
		return one(g, sites)
	}},
}
