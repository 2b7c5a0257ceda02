package oracle

import (
	"fmt"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// fanned breaks the matrix of a task.
func fanned(broken func(n taskNode) []func()) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, n := range s.nodes() {
			if n.Matrix == nil {
				continue
			}
			for _, apply := range broken(n) {
				sites = append(sites, site{[]string{where}, apply})
			}
		}
		return one(g, sites)
	}
}

// fan puts a value into the matrix.
func fan(v v1.ParamValue) func(n taskNode) []func() {
	return func(n taskNode) []func() { return []func(){func() { n.Matrix.Params[0].Value = v }} }
}

var matrixFaults = []fault{
	{name: "matrix over a string", row: 16, codes: []string{"param-type"}, do: fanned(fan(text("linux")))},
	{name: "matrix over a param that is a string", row: 16, codes: []string{"param-type"}, do: func(g *gen, s *system) []string {
		ps, _ := s.spec()
		p, ok := pick(g, ofType(ps.Params, v1.ParamTypeString))
		if !ok {
			return nil
		}
		return fanned(fan(text("$(params['"+p.Name+"'])")))(g, s)
	}},
	{name: "matrix include of an array", row: 16, codes: []string{"param-type"}, do: fanned(func(n taskNode) []func() {
		return []func(){func() {
			n.Matrix.Include = append(n.Matrix.Include, v1.IncludeParams{Name: "more", Params: v1.Params{{Name: n.Matrix.Params[0].Name, Value: list("a", "b")}}})
		}}
	})},
	{name: "matrix over an array or object of the Task", row: 15, codes: []string{"param-type"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, n := range s.nodes() {
			for i, p := range n.Params {
				if spec := paramOf(n.spec.Params, p.Name); spec.Type != v1.ParamTypeString && !n.final {
					sites = append(sites, site{[]string{where}, func() {
						drop((*[]v1.Param)(&n.PipelineTask.Params), i)()
						if n.Matrix == nil {
							n.Matrix = &v1.Matrix{}
						}
						n.Matrix.Params = append(n.Matrix.Params, v1.Param{Name: p.Name, Value: list("a", "b")})
					}})
				}
			}
		}
		return one(g, sites)
	}},
	{name: "matrix of too many combinations", codes: []string{"matrix-size"}, do: fanned(func(n taskNode) []func() {
		many := make([]string, 300)
		for i := range many {
			many[i] = fmt.Sprint(i)
		}
		return []func(){func() { n.Matrix.Params[0].Value = list(many...) }}
	})},
	{name: "matrix of too many combinations by the run", row: 17, codes: []string{"matrix-size"}, blind: "it counts when all of them run", do: func(g *gen, s *system) []string {
		ps, where := s.spec()
		many := make([]string, 300)
		for i := range many {
			many[i] = fmt.Sprint(i)
		}
		var sites []site
		for _, n := range s.nodes() {
			for _, p := range ofType(ps.Params, v1.ParamTypeArray) {
				if n.Matrix == nil || strings.Contains(p.Name, ".") {
					continue
				}
				sites = append(sites, site{[]string{s.runName(), where}, func() {
					n.Matrix.Params[0].Value = text("$(params." + p.Name + "[*])")
					s.run.Spec.Params = slices.DeleteFunc(s.run.Spec.Params, func(q v1.Param) bool { return q.Name == p.Name })
					s.run.Spec.Params = append(s.run.Spec.Params, v1.Param{Name: p.Name, Value: list(many...)})
				}})
			}
		}
		return one(g, sites)
	}},
	{name: "matrix of nothing", row: 18, codes: []string{"matrix-empty"}, ignored: true, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		used := map[string]bool{} // what others need of it is missing then
		for _, n := range s.nodes() {
			for _, ref := range v1.PipelineTaskResultRefs(n.PipelineTask) {
				used[ref.PipelineTask] = true
			}
		}
		var sites []site
		for _, n := range s.nodes() {
			if n.Matrix != nil && !used[n.Name] {
				sites = append(sites, site{[]string{where}, func() { n.Matrix.Params[0].Value = v1.ParamValue{Type: v1.ParamTypeArray, ArrayVal: []string{}} }})
			}
		}
		return one(g, sites)
	}},
	{name: "param both in the matrix and outside", codes: []string{"param-duplicate"}, do: fanned(func(n taskNode) []func() {
		return []func(){func() {
			n.Params = append(n.Params, v1.Param{Name: n.Matrix.Params[0].Name, Value: text("twice")})
		}}
	})},
	{name: "result of a matrix used as if there were one", row: 19, codes: []string{"matrix-single"}, do: func(g *gen, s *system) []string {
		return one(g, s.replaced(v1.ParamTypeString, func(n taskNode) (out []v1.ParamValue) {
			for _, m := range s.before(n) {
				if m.Matrix == nil {
					continue
				}
				for _, r := range m.spec.Results {
					ref := "tasks." + m.Name + ".results." + r.Name
					out = append(out, text("$("+ref+")"), text("$("+ref+"[0])"))
				}
			}
			return out
		}))
	}},
	{name: "result of a matrix used as if there were one in when", row: 19, codes: []string{"matrix-single"},
		blind: "the guard is held against all results, written as one JSON text, and never holds", do: func(g *gen, s *system) []string {
			_, where := s.spec()
			var sites []site
			for _, n := range s.nodes() {
				for _, m := range s.before(n) {
					for _, r := range m.spec.Results {
						if m.Matrix != nil {
							sites = append(sites, site{[]string{where}, func() {
								n.When = v1.WhenExpressions{{Input: "$(tasks." + m.Name + ".results." + r.Name + ")", Operator: "in", Values: []string{"yes"}}}
							}})
						}
					}
				}
			}
			return one(g, sites)
		}},
	{name: "length of the matrix of no task", row: 34, codes: []string{"task-unknown", "matrix-missing"}, do: referring(v1.ParamTypeString, text("$(tasks.builds.matrix.length)"))},
	{name: "result misspelt in a matrix", row: 20, codes: []string{"result-unknown"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, n := range s.nodes() {
			before := s.before(n)
			if n.Matrix == nil || len(before) == 0 || before[0].Matrix != nil {
				continue
			}
			sites = append(sites, site{[]string{where}, func() {
				n.Matrix.Params[0].Value = text("$(tasks." + before[0].Name + ".results.tyop[*])")
			}})
		}
		return one(g, sites)
	}},
}
