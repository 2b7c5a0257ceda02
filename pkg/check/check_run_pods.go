package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// podTexts checks the references in the pod templates of a PipelineRun. Tekton
// replaces them in the TaskRun of each task: by its params, and by nothing else.
func (c *checker) podTexts(s spot, label string, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	if p == nil {
		return
	}
	walkTexts(spec, s.path, func(tx text) {
		tasks := p.tasks
		switch {
		case strings.HasPrefix(tx.field, "taskRunTemplate.podTemplate."):
		case strings.HasPrefix(tx.field, "taskRunSpecs.podTemplate."):
			tasks = nil
			for i := range spec.TaskRunSpecs {
				if t := p.byName[spec.TaskRunSpecs[i].PipelineTaskName]; t != nil && strings.HasPrefix(tx.path, s.index("taskRunSpecs", i).path+".") {
					tasks = []*pipelineTask{t}
				}
			}
		default:
			return
		}
		scan(tx.value, func(m match) {
			at, r := s.at(tx.path).of(tx.value[m.Start:m.End]), tekref.Parse(m.Expr)
			switch {
			case r.Kind == refNone || m.Open || m.Escaped:
			case r.Fault != "":
				c.syntax(at, m, r)
			case r.Kind != refParam:
				c.scopeError(at, m, r, "a pod template", "only params of the tasks are replaced there")
			default:
				c.podParam(at, label, m, r, tasks)
			}
		})
	})
}

// podParam checks that the tasks have a param which a pod template names.
func (c *checker) podParam(s spot, label string, m match, r reference, tasks []*pipelineTask) {
	var lack []*pipelineTask
	var names []string
	for _, t := range tasks {
		has, known := t.gets(r.Name)
		if !known {
			return
		}
		if !has {
			lack = append(lack, t)
		}
		if t.def.params != nil && len(names) < maxCandidates {
			names = append(names, t.def.params.names()...)
		}
	}
	switch {
	case len(lack) == 0:
	case len(lack) == len(tasks):
		c.fail(s, "param-unknown", r.Name, m.String()+" names no param of a task of "+label+", and stays as it is",
			suggest(r.Name, names, "a pod template sees the params of the tasks, not those of the run"))
	default:
		c.warn(s, "param-unknown", r.Name, m.String()+" stays as it is for "+lack[0].label+", which has no such param",
			"set the pod template for one task, under taskRunSpecs", lack[0].spot.related(lack[0].label))
	}
}

// gets reports whether the TaskRun of a task has a value for a param; false if
// that is not known.
func (t *pipelineTask) gets(name string) (has, known bool) {
	for i := range t.Params {
		if t.Params[i].Name == name {
			return true, true
		}
	}
	if t.Matrix != nil {
		for _, p := range t.Matrix.GetAllParams() {
			if p.Name == name {
				return true, true
			}
		}
	}
	if t.def.nested || t.def.params == nil {
		return false, false
	}
	return t.def.params.index[name] != nil, true
}
