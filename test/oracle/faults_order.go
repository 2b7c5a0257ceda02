package oracle

import v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

func inPipeline(apply func(g *gen, spec *v1.PipelineSpec) bool) func(*gen, *system) []string {
	return func(g *gen, s *system) []string {
		spec, where := s.spec()
		if !apply(g, spec) {
			return nil
		}
		return []string{where}
	}
}

var orderFaults = []fault{
	{name: "cycle", codes: []string{"cycle"}, do: inPipeline(func(_ *gen, spec *v1.PipelineSpec) bool {
		first, last := &spec.Tasks[0], &spec.Tasks[len(spec.Tasks)-1]
		first.RunAfter, last.RunAfter = append(first.RunAfter, last.Name), append(last.RunAfter, first.Name)
		return true
	})},
	{name: "runAfter no task", codes: []string{"task-unknown"}, do: inPipeline(func(g *gen, spec *v1.PipelineSpec) bool {
		i := g.IntN(len(spec.Tasks))
		spec.Tasks[i].RunAfter = append(spec.Tasks[i].RunAfter, "builds")
		return true
	})},
	{name: "two tasks of one name", codes: []string{"task-duplicate"}, do: inPipeline(func(_ *gen, spec *v1.PipelineSpec) bool {
		spec.Tasks = append(spec.Tasks, *spec.Tasks[0].DeepCopy())
		return true
	})},
	{name: "runAfter in finally", codes: []string{"finally-misuse"}, do: inPipeline(func(_ *gen, spec *v1.PipelineSpec) bool {
		if len(spec.Finally) == 0 {
			return false
		}
		spec.Finally[0].RunAfter = []string{spec.Tasks[0].Name}
		return true
	})},
	{name: "status outside of finally", codes: []string{"finally-misuse", "variable-scope"}, do: func(g *gen, s *system) []string {
		return one(g, s.replaced(v1.ParamTypeString, func(n taskNode) []v1.ParamValue {
			if n.final || n.Name == "build-0" {
				return nil
			}
			return []v1.ParamValue{text("$(tasks.build-0.status)"), text("$(tasks.status)")}
		}))
	}},
	{name: "status of no task", codes: []string{"task-unknown"}, do: func(g *gen, s *system) []string {
		return one(g, s.replaced(v1.ParamTypeString, func(n taskNode) []v1.ParamValue {
			if !n.final {
				return nil
			}
			return []v1.ParamValue{text("$(tasks.builds.status)")}
		}))
	}},
	{name: "result of another task of finally", codes: []string{"finally-misuse", "task-unknown"}, do: func(g *gen, s *system) []string {
		return one(g, s.replaced(v1.ParamTypeString, func(n taskNode) []v1.ParamValue {
			if !n.final {
				return nil
			}
			return []v1.ParamValue{text("$(finally.clean-0.results.result-0)"), text("$(tasks.clean-0.results.result-0)")}
		}))
	}},
}

var specFaults = []fault{
	{name: "task of no Task", row: 1, codes: []string{"task-unknown"}, do: func(g *gen, s *system) []string {
		_, where := s.spec()
		var sites []site
		for _, n := range s.nodes() {
			if n.TaskRef != nil {
				sites = append(sites, site{[]string{where}, func() { n.TaskRef.Name = "tusk" }})
			}
		}
		return one(g, sites)
	}},
	{name: "task with a Task twice, or none", codes: []string{"spec-conflict", "spec-missing", "reference-invalid"}, do: inPipeline(func(g *gen, spec *v1.PipelineSpec) bool {
		pt := &spec.Tasks[g.IntN(len(spec.Tasks))]
		switch {
		case g.chance(0.5):
			pt.TaskRef, pt.TaskSpec = nil, nil
		case pt.TaskRef != nil:
			pt.TaskSpec = &v1.EmbeddedTask{TaskSpec: v1.TaskSpec{Steps: []v1.Step{{Name: "a", Image: "registry.local/a:1"}}}}
		default:
			pt.TaskRef = &v1.TaskRef{Name: "task-0"}
		}
		return true
	})},
	{name: "name that is none", codes: []string{"name-invalid"}, do: inPipeline(func(g *gen, spec *v1.PipelineSpec) bool {
		spec.Tasks = append(spec.Tasks, *spec.Tasks[0].DeepCopy())
		spec.Tasks[len(spec.Tasks)-1].Name = []string{"Build_It", "", "build.it"}[g.IntN(3)]
		return true
	})},
	{name: "two params of the Pipeline of one name", codes: []string{"param-duplicate"}, do: inPipeline(func(_ *gen, spec *v1.PipelineSpec) bool {
		if len(spec.Params) == 0 {
			return false
		}
		spec.Params = append(spec.Params, spec.Params[0])
		return true
	})},
	{name: "two workspaces of the Pipeline of one name", codes: []string{"workspace-duplicate"}, do: inPipeline(func(_ *gen, spec *v1.PipelineSpec) bool {
		if len(spec.Workspaces) == 0 {
			return false
		}
		spec.Workspaces = append(spec.Workspaces, spec.Workspaces[0])
		return true
	})},
	{name: "negative retries and both", codes: []string{"retries-invalid", "onerror-invalid"}, do: inPipeline(func(g *gen, spec *v1.PipelineSpec) bool {
		pt := &spec.Tasks[g.IntN(len(spec.Tasks))]
		pt.Retries, pt.OnError = 2, v1.PipelineTaskContinue
		return true
	})},
	{name: "when with an operator that is none", codes: []string{"when-invalid"}, do: inPipeline(func(g *gen, spec *v1.PipelineSpec) bool {
		pt := &spec.Tasks[g.IntN(len(spec.Tasks))]
		pt.When = v1.WhenExpressions{{Input: "a", Operator: "equals", Values: []string{"a"}}}
		return true
	})},
}
