package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// taskDef is what is known of the thing that a pipeline task runs. What is nil
// is not known.
type taskDef struct {
	label   string
	spot    spot // of the spec
	spec    *v1.TaskSpec
	params  *paramScope
	results map[string]*v1.TaskResult
	nested  bool             // it is a Pipeline
	inner   *v1.PipelineSpec // of that, nil where unknown
	innerAt spot
}

// define finds what a pipeline task runs, and reports if that is nothing, or
// more than one thing.
func (p *pipelineCheck) define(t *pipelineTask) taskDef {
	var set []string
	for _, f := range []struct {
		name string
		on   bool
	}{{"taskRef", t.TaskRef != nil}, {"taskSpec", t.TaskSpec != nil}, {"pipelineRef", t.PipelineRef != nil}, {"pipelineSpec", t.PipelineSpec != nil}} {
		if f.on {
			set = append(set, f.name)
		}
	}
	switch {
	case len(set) == 0:
		p.fail(t.spot, "spec-missing", t.Name, t.label+" says nothing to run", "set taskRef or taskSpec")
		return taskDef{}
	case len(set) > 1:
		p.fail(t.spot, "spec-conflict", t.Name, t.label+" has "+strings.Join(set, " and "), "keep one of them")
		return taskDef{}
	case t.TaskRef != nil:
		return p.taskRef(t)
	case t.TaskSpec != nil:
		return p.taskSpec(t)
	case t.PipelineRef != nil:
		return p.nestedRef(t)
	}
	p.level(t.spot.field("pipelineSpec"), "alpha", "a pipeline inside a pipeline")
	p.inline(t.spot.field("pipelineSpec"), "pipeline", "the pipeline of "+t.label)
	return taskDef{nested: true, inner: t.PipelineSpec, innerAt: t.spot.field("pipelineSpec"), label: "the spec of " + t.label}
}

// custom checks a reference to a custom task, and reports whether it is one.
func (p *pipelineCheck) custom(s spot, t *pipelineTask, apiVersion, kind string) bool {
	if apiVersion == "" && (kind == "" || kind == "Task") {
		return false
	}
	switch {
	case kind == "ClusterTask":
		p.fail(s.field("kind"), "ref-invalid", kind, t.label+" refers to a ClusterTask, a kind that Tekton has removed", "use a Task, or the cluster resolver")
	case kind == "" && t.TaskRef != nil:
		p.warn(s, "ref-invalid", t.Name, t.label+" refers to a custom task without a kind, which is then taken to be called Task", "set kind, or drop apiVersion for a Task")
	case kind == "":
		p.fail(s.field("kind"), "ref-invalid", t.Name, t.label+" is a custom task without a kind", "set kind, or drop apiVersion for a Task")
	case apiVersion == "":
		p.fail(s, "ref-invalid", t.Name, t.label+" refers to a custom task of kind "+q(kind)+" without apiVersion", "set apiVersion, or write kind Task")
	case strings.Count(apiVersion, "/") != 1 || strings.HasPrefix(apiVersion, "/") || strings.HasSuffix(apiVersion, "/"):
		p.fail(s.field("apiVersion"), "ref-invalid", apiVersion, "the apiVersion "+q(apiVersion)+" of "+t.label+" is not of the form group/version", "")
	}
	if apiVersion == "tekton.dev/v1" || apiVersion == "tekton.dev/v1beta1" {
		if kind == "Task" {
			p.warn(s.field("apiVersion"), "ref-invalid", apiVersion, "with an apiVersion, "+t.label+" is taken for a custom task, and nothing runs it", "drop apiVersion")
		}
	}
	return true
}

func (p *pipelineCheck) taskRef(t *pipelineTask) taskDef {
	ref, s := t.TaskRef, t.spot.field("taskRef")
	if p.custom(s, t, ref.APIVersion, string(ref.Kind)) {
		return taskDef{}
	}
	if !p.ref(s, t.Name, "the taskRef of "+t.label, ref.Name, ref.Resolver, ref.Params) {
		if ref.Resolver != "cluster" {
			return taskDef{}
		}
		return p.clusterTask(ref.Params)
	}
	e := p.find("Task", p.spot.ref.Namespace, ref.Name)
	if e == nil {
		p.external(s.field("name"), "Task", ref.Name, "task")
		return taskDef{}
	}
	return p.taskDefOf(e)
}

// taskDefOf is what a Task object defines.
func (c *checker) taskDefOf(e *entry) taskDef {
	if e.task == nil {
		return taskDef{}
	}
	d := taskDef{label: e.ref.String(), spot: in(e, "spec"), spec: &e.task.Spec, params: c.scopeOf(e)}
	d.results = resultIndex(d.spec)
	return d
}

func resultIndex(spec *v1.TaskSpec) map[string]*v1.TaskResult {
	out := make(map[string]*v1.TaskResult, len(spec.Results))
	for i := range spec.Results {
		out[spec.Results[i].Name] = &spec.Results[i]
	}
	return out
}

// clusterTask finds the Task that the cluster resolver would take, if it is in
// the set.
func (p *pipelineCheck) clusterTask(params v1.Params) taskDef {
	get := map[string]string{}
	for i := range params {
		get[params[i].Name] = params[i].Value.StringVal
	}
	if get["kind"] != "" && get["kind"] != "task" || get["name"] == "" || tekref.Contains(get["name"]+get["namespace"]) {
		return taskDef{}
	}
	if e := p.find("Task", get["namespace"], get["name"]); e != nil {
		return p.taskDefOf(e)
	}
	return taskDef{}
}

func (p *pipelineCheck) taskSpec(t *pipelineTask) taskDef {
	spec, s := t.TaskSpec, t.spot.field("taskSpec")
	p.inline(s, "pipeline", "the spec of "+t.label)
	if len(spec.Steps) == 0 && p.custom(s, t, spec.APIVersion, spec.Kind) {
		return taskDef{}
	}
	if len(spec.Steps) > 0 && (spec.APIVersion != "" || spec.Kind != "") {
		p.fail(s, "spec-conflict", t.Name, "the taskSpec of "+t.label+" has steps, so it may not set apiVersion or kind", "drop apiVersion and kind")
	}
	label := "the spec of " + t.label
	return taskDef{
		label: label, spot: s, spec: &spec.TaskSpec, results: resultIndex(&spec.TaskSpec),
		params: newParamScope(s.field("params"), label, spec.Params, nil),
	}
}

func (p *pipelineCheck) nestedRef(t *pipelineTask) taskDef {
	ref, s := t.PipelineRef, t.spot.field("pipelineRef")
	p.level(s, "alpha", "a pipeline inside a pipeline")
	d := taskDef{nested: true}
	if !p.ref(s, t.Name, "the pipelineRef of "+t.label, ref.Name, ref.Resolver, ref.Params) {
		return d
	}
	e := p.find("Pipeline", p.spot.ref.Namespace, ref.Name)
	if e == nil {
		p.external(s.field("name"), "Pipeline", ref.Name, "pipeline")
	} else if e.pipeline != nil {
		d.params, d.label = p.scopeOf(e), e.ref.String()
		d.inner, d.innerAt = &e.pipeline.Spec, in(e, "spec")
	}
	return d
}

// embedded checks the spec that a task holds itself.
func (p *pipelineCheck) embedded(t *pipelineTask) {
	if t.PipelineSpec != nil {
		s := t.spot.field("pipelineSpec")
		label := "the spec of " + t.label
		inner := &pipelineCheck{checker: p.checker, spot: s, spec: t.PipelineSpec, label: label}
		inner.params = newParamScope(s.field("params"), label, t.PipelineSpec.Params, nil)
		t.def.params, t.def.label = inner.params, label
		inner.check()
		return
	}
	if t.TaskSpec == nil || t.def.spec == nil {
		return
	}
	outer := p.params
	if p.run != nil {
		outer = valueScope(t.spot.field("params"), p.label, t.Params, p.typeOf, p.params)
		p.passedObjects(outer)
	}
	t.def.params.outer, t.def.params.strict = outer, p.run == nil
	inner := &taskCheck{
		checker: p.checker, spot: t.def.spot, spec: t.def.spec, label: t.def.label, params: t.def.params, seen: repeats{},
		pipeline: p, task: t, bound: map[string]bool{}, unbounded: p.run == nil,
	}
	for name := range p.workspaces {
		inner.bound[name] = true
	}
	for i := range t.Workspaces {
		inner.bound[t.Workspaces[i].Name] = true
	}
	if p.run != nil {
		inner.podVolumes = p.podVolumes(t.Name)
		for i := range p.run.Spec.Workspaces {
			inner.bound[p.run.Spec.Workspaces[i].Name] = true
		}
	}
	t.inner = inner
	inner.run()
}

// matrixValues are the params of a matrix as the single run sees them.
func matrixValues(m *v1.Matrix) v1.Params {
	var out v1.Params
	for _, p := range m.GetAllParams() {
		out = append(out, v1.Param{Name: p.Name, Value: v1.ParamValue{Type: v1.ParamTypeString}})
	}
	return out
}

// podVolumes are the volumes that the run's pod templates bring to a task.
func (p *pipelineCheck) podVolumes(task string) map[string]bool {
	out := map[string]bool{}
	spec := &p.run.Spec
	if t := spec.TaskRunTemplate.PodTemplate; t != nil {
		for _, v := range t.Volumes {
			out[v.Name] = true
		}
	}
	for i := range spec.TaskRunSpecs {
		if t := spec.TaskRunSpecs[i].PodTemplate; t != nil && spec.TaskRunSpecs[i].PipelineTaskName == task {
			for _, v := range t.Volumes {
				out[v.Name] = true
			}
		}
	}
	return out
}
