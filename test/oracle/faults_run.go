package oracle

import (
	"maps"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// runner is a run: what it passes, to what.
type runner struct {
	where  []string
	params *[]v1.Param
	specs  v1.ParamSpecs
}

func (s *system) pipelineRunner() runner {
	spec, where := s.spec()
	return runner{[]string{s.runName(), where}, (*[]v1.Param)(&s.run.Spec.Params), spec.Params}
}

func (s *system) taskRunner() runner {
	return runner{[]string{s.taskRunName()}, (*[]v1.Param)(&s.taskRun.Spec.Params), s.taskOfRun().Params}
}

// dropped leaves out a value that has no default.
func (r runner) dropped() (sites []site) {
	for i, p := range *r.params {
		if spec := paramOf(r.specs, p.Name); spec != nil && spec.Default == nil {
			sites = append(sites, site{r.where, drop(r.params, i)})
		}
	}
	return sites
}

// retyped passes a value of another type.
func (r runner) retyped() (sites []site) {
	for i, p := range *r.params {
		for _, v := range []v1.ParamValue{text("plain"), list("an", "array"), objectValue(map[string]string{"url": "x"})} {
			if spec := paramOf(r.specs, p.Name); spec != nil && v.Type != spec.Type {
				sites = append(sites, site{r.where, func() { (*r.params)[i].Value = v }})
			}
		}
	}
	return sites
}

// keyless passes an object without one of its keys.
func (r runner) keyless() (sites []site) {
	for i, p := range *r.params {
		spec := paramOf(r.specs, p.Name)
		if spec == nil || spec.Type != v1.ParamTypeObject || spec.Default != nil {
			continue
		}
		for _, k := range sortedKeys(p.Value.ObjectVal) {
			sites = append(sites, site{r.where, func() {
				m := maps.Clone(p.Value.ObjectVal)
				delete(m, k)
				(*r.params)[i].Value = objectValue(m)
			}})
		}
	}
	return sites
}

// unlisted passes a value that is not in the enum.
func (r runner) unlisted() (sites []site) {
	for i, p := range *r.params {
		if spec := paramOf(r.specs, p.Name); spec != nil && len(spec.Enum) > 0 {
			sites = append(sites, site{r.where, func() { (*r.params)[i].Value = text("purple") }})
		}
	}
	return sites
}

func onRun(f func(runner) []site) func(*gen, *system) []string {
	return func(g *gen, s *system) []string { return one(g, f(s.pipelineRunner())) }
}

func onTaskRun(f func(runner) []site) func(*gen, *system) []string {
	return func(g *gen, s *system) []string { return one(g, f(s.taskRunner())) }
}

var runFaults = []fault{
	{name: "PipelineRun without a required param", row: 4, codes: []string{"param-missing"}, do: onRun(runner.dropped)},
	{name: "PipelineRun param of the wrong type", row: 5, codes: []string{"param-type"}, do: onRun(runner.retyped)},
	{name: "PipelineRun object without a key", row: 6, codes: []string{"key-missing"}, do: onRun(runner.keyless),
		blind: "an object without any key is not looked at"},
	{name: "PipelineRun value not in the enum", row: 63, codes: []string{"enum-invalid"}, do: onRun(runner.unlisted)},
	{name: "PipelineRun param that nobody declares", row: 7, codes: []string{"param-extra"}, ignored: true, do: func(g *gen, s *system) []string {
		if s.pipeline == nil {
			return nil // every value reaches the tasks
		}
		s.run.Spec.Params = append(s.run.Spec.Params, v1.Param{Name: "stray", Value: text("x")})
		return []string{s.runName()}
	}},
	{name: "TaskRun without a required param", row: 9, codes: []string{"param-missing"}, do: onTaskRun(runner.dropped)},
	{name: "TaskRun param of the wrong type", row: 10, codes: []string{"param-type"}, do: onTaskRun(runner.retyped)},
	{name: "TaskRun object without a key", row: 11, codes: []string{"key-missing"}, do: onTaskRun(runner.keyless),
		blind: "an object without any key is not looked at"},
	{name: "TaskRun value not in the enum", row: 63, codes: []string{"enum-invalid"}, do: onTaskRun(runner.unlisted)},
	{name: "PipelineRun of no Pipeline", row: 2, codes: []string{"pipeline-unknown"}, do: func(_ *gen, s *system) []string {
		if s.pipeline == nil {
			return nil
		}
		s.run.Spec.PipelineRef.Name = "releases"
		return []string{s.runName()}
	}},
	{name: "TaskRun of no Task", row: 1, codes: []string{"task-unknown"}, do: func(_ *gen, s *system) []string {
		if s.taskRun.Spec.TaskRef == nil {
			return nil
		}
		s.taskRun.Spec.TaskRef.Name = "tusk"
		return []string{s.taskRunName()}
	}},
	{name: "taskRunSpecs for no task", row: 61, codes: []string{"task-unknown"}, do: func(_ *gen, s *system) []string {
		s.run.Spec.TaskRunSpecs = append(s.run.Spec.TaskRunSpecs, v1.PipelineTaskRunSpec{PipelineTaskName: "builds", ServiceAccountName: "builder"})
		return []string{s.runName()}
	}},
	{name: "taskRunSpecs stepSpecs for no step", row: 62, codes: []string{"step-unknown"}, do: func(g *gen, s *system) []string {
		n, _ := pick(g, s.nodes())
		s.run.Spec.TaskRunSpecs = []v1.PipelineTaskRunSpec{{PipelineTaskName: n.Name, StepSpecs: []v1.TaskRunStepSpec{{Name: "mane", ComputeResources: small()}}}}
		return []string{s.runName()}
	}},
	{name: "TaskRun stepSpecs for no step", row: 62, codes: []string{"step-unknown"}, do: func(_ *gen, s *system) []string {
		s.taskRun.Spec.StepSpecs = []v1.TaskRunStepSpec{{Name: "mane", ComputeResources: small()}}
		return []string{s.taskRunName()}
	}},
	{name: "TaskRun sidecarSpecs for no sidecar", row: 62, codes: []string{"sidecar-unknown"}, do: func(_ *gen, s *system) []string {
		s.taskRun.Spec.SidecarSpecs = []v1.TaskRunSidecarSpec{{Name: "sidecart", ComputeResources: small()}}
		return []string{s.taskRunName()}
	}},
}
