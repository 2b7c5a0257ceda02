package oracle

import (
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// ofResults makes a fault of a value of type t that uses a result of type from.
func ofResults(t v1.ParamType, from v1.ResultsType, use ...func(ref string) string) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		return one(g, s.replaced(t, func(n taskNode) (out []v1.ParamValue) {
			for _, ref := range (scope{before: s.before(n)}).results(from) {
				for _, u := range use {
					out = append(out, text(u(ref)))
				}
			}
			return out
		}))
	}
}

// inWhen guards a task of the DAG with a wrong reference to a result.
func inWhen(use func(ref string) string) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, n := range s.nodes() {
			for _, ref := range (scope{before: s.before(n)}).results(v1.ResultsTypeString) {
				sites = append(sites, site{[]string{where}, func() {
					n.When = v1.WhenExpressions{{Input: use(ref), Operator: "in", Values: []string{"yes"}}}
				}})
			}
		}
		return one(g, sites)
	}
}

// ofRun breaks a result of the Pipeline.
func ofRun(t v1.ResultsType, broken func(v v1.ParamValue) []v1.ParamValue) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		spec, where := s.spec()
		var sites []site
		for i, r := range spec.Results {
			if r.Type != t {
				continue
			}
			for _, v := range broken(r.Value) {
				sites = append(sites, site{[]string{where}, func() { spec.Results[i].Value = v }})
			}
		}
		return one(g, sites)
	}
}

func misspelt(ref string) string          { return "$(" + ref + "-tyop)" }
func always(s string) func(string) string { return func(string) string { return s } }

var resultFaults = []fault{
	{name: "result misspelt", row: 20, codes: []string{"result-unknown"}, do: ofResults(v1.ParamTypeString, v1.ResultsTypeString, misspelt)},
	{name: "result misspelt in an array", row: 20, codes: []string{"result-unknown"}, do: ofResults(v1.ParamTypeArray, v1.ResultsTypeArray,
		func(ref string) string { return "$(" + ref + "-tyop[*])" })},
	{name: "result misspelt in when", row: 20, codes: []string{"result-unknown"}, do: inWhen(misspelt)},
	{name: "result of no task", codes: []string{"task-unknown"}, do: referring(v1.ParamTypeString, text("$(tasks.builds.results.result-0)"))},
	{name: "result of no task in when", codes: []string{"task-unknown"}, do: inWhen(always("$(tasks.builds.results.result-0)"))},
	{name: "key of an object result misspelt", row: 21, codes: []string{"key-unknown"}, do: ofResults(v1.ParamTypeString, v1.ResultsTypeObject,
		func(ref string) string { return "$(" + ref + ".tyop)" })},
	{name: "string result used as an array", row: 22, codes: []string{"result-type", "param-type"}, do: ofResults(v1.ParamTypeArray, v1.ResultsTypeString,
		func(ref string) string { return "$(" + ref + "[*])" })},
	{name: "string result used by index", row: 22, codes: []string{"result-type"}, do: ofResults(v1.ParamTypeString, v1.ResultsTypeString,
		func(ref string) string { return "$(" + ref + "[0])" })},
	{name: "string result passed as an array", row: 22, codes: []string{"result-type", "param-type"}, do: ofResults(v1.ParamTypeArray, v1.ResultsTypeString,
		func(ref string) string { return "$(" + ref + ")" })},
	{name: "array result passed as a string", row: 22, codes: []string{"result-type", "param-type"}, do: ofResults(v1.ParamTypeString, v1.ResultsTypeArray,
		func(ref string) string { return "$(" + ref + "[*])" }, func(ref string) string { return "$(" + ref + ")" })},
	{name: "object result passed as an array", row: 22, codes: []string{"result-type", "param-type"}, do: ofResults(v1.ParamTypeArray, v1.ResultsTypeObject,
		func(ref string) string { return "$(" + ref + "[*])" })},
	{name: "array result passed as an object", row: 22, codes: []string{"result-type", "param-type"}, do: ofResults(v1.ParamTypeObject, v1.ResultsTypeArray,
		func(ref string) string { return "$(" + ref + "[*])" })},
	{name: "result in brackets", row: 24, codes: []string{"variable-syntax"}, do: referring(v1.ParamTypeString,
		text("$(tasks.build-0.results['result-0'])"), text("$(tasks.build-0.result.result-0)")),
		blind: "where the same task refers to that result by dots as well, it is replaced"},
	{name: "result of the task itself", codes: []string{"cycle", "task-unknown", "finally-misuse"}, do: func(g *gen, s *system) []string {
		return one(g, s.replaced(v1.ParamTypeString, func(n taskNode) (out []v1.ParamValue) {
			for _, r := range n.spec.Results {
				if r.Type == v1.ResultsTypeString {
					out = append(out, text("$(tasks."+n.Name+".results."+r.Name+")"))
				}
			}
			return out
		}))
	}},
	{name: "Pipeline result misspelt", row: 25, codes: []string{"result-unknown"}, do: ofRun(v1.ResultsTypeString, func(v v1.ParamValue) []v1.ParamValue {
		return []v1.ParamValue{text(v.StringVal[:len(v.StringVal)-1] + "-tyop)")}
	})},
	{name: "Pipeline result of no task", row: 26, codes: []string{"task-unknown"}, do: ofRun(v1.ResultsTypeString, func(v1.ParamValue) []v1.ParamValue {
		return []v1.ParamValue{text("$(tasks.builds.results.result-0)")}
	})},
	{name: "Pipeline array result of no task or result", row: 26, codes: []string{"task-unknown", "result-unknown", "matrix-single"}, do: ofRun(v1.ResultsTypeArray, func(v1.ParamValue) []v1.ParamValue {
		return []v1.ParamValue{list("$(tasks.builds.results.result-0)"), list("$(tasks.build-0.results.tyop)")}
	})},
	{name: "Pipeline object result of no task or result", row: 26, codes: []string{"task-unknown", "result-unknown", "matrix-single"}, do: ofRun(v1.ResultsTypeObject, func(v1.ParamValue) []v1.ParamValue {
		return []v1.ParamValue{objectValue(map[string]string{"url": "$(tasks.builds.results.result-0)"}), objectValue(map[string]string{"url": "$(tasks.build-0.results.tyop)"})}
	})},
	{name: "Pipeline result without a reference", codes: []string{"result-value"}, do: ofRun(v1.ResultsTypeString, func(v1.ParamValue) []v1.ParamValue {
		return []v1.ParamValue{text("plain")}
	})},
}
