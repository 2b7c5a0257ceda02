package oracle

import (
	"encoding/json"
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
			for _, v := range []v1.ParamValue{text("plain"), list("an", "array"), object(map[string]string{"url": "x"})} {
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
					*p.value = object(m)
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
	{name: "array of the Pipeline as a string", codes: []string{"param-type", "reference-syntax"}, do: ofPipeline(v1.ParamTypeString, v1.ParamTypeArray,
		func(name string) string { return "$(params." + name + "[*])" })},
	{name: "string of the Pipeline as an array", row: 45, codes: []string{"param-type", "reference-syntax"}, do: ofPipeline(v1.ParamTypeArray, v1.ParamTypeString,
		func(name string) string { return "$(params." + name + "[*])" })},
	{name: "string of the Pipeline as an object", row: 45, codes: []string{"param-type", "reference-syntax"}, do: ofPipeline(v1.ParamTypeObject, v1.ParamTypeString,
		func(name string) string { return "$(params." + name + "[*])" })},
	{name: "whole array of the Pipeline in brackets", codes: []string{"reference-syntax"}, do: ofPipeline(v1.ParamTypeArray, v1.ParamTypeArray,
		func(name string) string { return `$(params["` + name + `"][*])` })},
	{name: "index beyond an array of the Pipeline", row: 8, codes: []string{"index-range"}, do: ofPipeline(v1.ParamTypeString, v1.ParamTypeArray,
		func(name string) string { return "$(params." + name + "[7])" })},
	{name: "context variable misspelt", row: 35, codes: []string{"reference-unknown"}, do: referring(v1.ParamTypeString,
		text("$(context.pipelineRun.nmae)"), text("$(context.pipeline.uid)"))},
	{name: "context variable misspelt in when", row: 35, codes: []string{"reference-unknown"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		n, _ := pick(g, s.nodes())
		n.When = v1.WhenExpressions{{Input: "$(context.pipelineRun.nmae)", Operator: "in", Values: []string{"yes"}}}
		return []string{where}
	}},
	{name: "item of a result in a param of the Pipeline's name", codes: []string{"param-shadowed"}, do: shadowed(v1.ParamTypeString,
		using(v1.ResultsTypeArray, func(ref string) v1.ParamValue { return text("$(" + ref + "[1])") }))},
	{name: "string result in a param of the Pipeline's name", do: shadowed(v1.ParamTypeString,
		using(v1.ResultsTypeString, func(ref string) v1.ParamValue { return text("$(" + ref + ")") }))},
	{name: "key of a result in a param of the Pipeline's name", do: shadowed(v1.ParamTypeString,
		using(v1.ResultsTypeObject, func(ref string) v1.ParamValue { return text("$(" + ref + ".url)") }))},
	{name: "array result in a param of the Pipeline's name", codes: []string{"param-shadowed"}, blind: "the steps get another value: TestShadowed", do: shadowed(v1.ParamTypeArray,
		using(v1.ResultsTypeArray, func(ref string) v1.ParamValue { return text("$(" + ref + "[*])") }))},
	{name: "result in an array of the Pipeline's name", do: shadowed(v1.ParamTypeArray,
		using(v1.ResultsTypeString, func(ref string) v1.ParamValue { return list("a", "$("+ref+")") }))},
	{name: "object result in a param of the Pipeline's name", codes: []string{"param-shadowed"}, blind: "the steps get another value: TestShadowed", do: shadowed(v1.ParamTypeObject,
		using(v1.ResultsTypeObject, func(ref string) v1.ParamValue { return text("$(" + ref + "[*])") }))},
	{name: "status in a param of the Pipeline's name", codes: []string{"param-shadowed"}, do: shadowed(v1.ParamTypeString,
		func(n taskNode, _ scope) []v1.ParamValue {
			if !n.final {
				return nil
			}
			return []v1.ParamValue{text("$(tasks.build-0.status)")}
		})},
	{name: "retries in a param of the Pipeline's name", codes: []string{"param-shadowed"}, do: shadowed(v1.ParamTypeString,
		func(n taskNode, _ scope) []v1.ParamValue {
			return []v1.ParamValue{text("$(context.pipelineTask.retries)")}
		})},
	{name: "object of the Pipeline's name with other keys", codes: []string{"key-unknown"}, do: func(g *gen, s *system) []string {
		ps, where := s.spec()
		var sites []site
		for _, n := range s.nodes() {
			if n.TaskSpec == nil {
				continue
			}
			for _, p := range ofType(n.spec.Params, v1.ParamTypeObject) {
				sites = append(sites, site{[]string{where}, func() {
					twin := v1.ParamSpec{Name: p.Name, Type: p.Type, Properties: map[string]v1.PropertySpec{"other": {Type: v1.ParamTypeString}}}
					d := g.literal(twin)
					twin.Default = &d
					ps.Params = append(ps.Params, twin)
				}})
			}
		}
		return one(g, sites)
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

// shadowed lets the Pipeline declare a param that an embedded Task declares as
// well, and passes a result in that: Tekton writes what is passed into the Task
// before it knows the result, and knows fewer forms of it there.
func shadowed(t v1.ParamType, values func(n taskNode, before scope) []v1.ParamValue) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		ps, where := s.spec()
		var sites []site
		for _, p := range s.passes() {
			if p.node.TaskSpec == nil || p.node.Matrix != nil || p.spec.Type != t || len(p.spec.Enum) > 0 || !reads(p.node.spec, p.spec.Name) {
				continue
			}
			for _, v := range values(p.node, scope{before: s.before(p.node)}) {
				sites = append(sites, site{[]string{where}, func() {
					twin := p.spec.DeepCopy()
					d := g.literal(*twin)
					twin.Default = &d
					ps.Params = append(ps.Params, *twin)
					*p.value = v
				}})
			}
		}
		return one(g, sites)
	}
}

// reads reports whether the steps use the param.
func reads(ts *v1.TaskSpec, name string) bool {
	data, err := json.Marshal(ts.Steps)
	return err == nil && (strings.Contains(string(data), "params."+name) ||
		strings.Contains(string(data), "params['"+name) || strings.Contains(string(data), `params[\"`+name))
}

// using makes a value of each result.
func using(from v1.ResultsType, use func(ref string) v1.ParamValue) func(taskNode, scope) []v1.ParamValue {
	return func(_ taskNode, sc scope) (out []v1.ParamValue) {
		for _, ref := range sc.results(from) {
			out = append(out, use(ref))
		}
		return out
	}
}
