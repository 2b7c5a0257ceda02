package oracle

import (
	"encoding/json"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// shadowFaults are those of a param that an embedded Task and its Pipeline both
// declare.
var shadowFaults = []fault{
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
	{name: "object result of which the Pipeline has no key", do: twins(false)},
	{name: "object result of which the Pipeline has a key", codes: []string{"param-shadowed", "key-unknown"}, blind: "the steps get another value: TestShadowed", do: twins(true)},
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
	{name: "object of the Pipeline's name with other keys", codes: []string{"key-unknown", "param-shadowed"}, do: func(g *gen, s *system) []string {
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

// twins lets a run with a Pipeline inside declare an object that an embedded
// Task declares as well, of other keys, or of one of those that the Task reads
// and others.
func twins(shared bool) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		ps, where := s.spec()
		if s.pipeline != nil {
			return nil // the webhook holds the two against each other
		}
		var sites []site
		for _, p := range s.passes() {
			if p.node.TaskSpec == nil || p.node.Matrix != nil || p.spec.Type != v1.ParamTypeObject || !reads(p.node.spec, p.spec.Name) {
				continue
			}
			if _, deep := p.spec.Properties["depth"]; deep {
				continue // no result has that
			}
			for _, ref := range (scope{before: s.before(p.node)}).results(v1.ResultsTypeObject) {
				sites = append(sites, site{[]string{where}, func() {
					twin := v1.ParamSpec{Name: p.spec.Name, Type: v1.ParamTypeObject, Properties: map[string]v1.PropertySpec{"other": {Type: v1.ParamTypeString}}}
					if shared {
						twin.Properties["url"] = v1.PropertySpec{Type: v1.ParamTypeString}
					}
					d := g.literal(twin)
					twin.Default = &d
					ps.Params = append(ps.Params, twin)
					*p.value = text("$(" + ref + "[*])")
				}})
			}
		}
		return one(g, sites)
	}
}
