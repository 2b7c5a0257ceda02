package steps

import (
	"iter"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/rule"
)

// An override has the settings of a run for the steps and sidecars of a task.
type override struct {
	spot     facts.Spot // has the fields stepSpecs and sidecarSpecs
	task     string     // name in the pipeline; "" in a TaskRun
	steps    []v1.TaskRunStepSpec
	sidecars []v1.TaskRunSidecarSpec
}

// overrides returns the settings of the object for steps and sidecars.
func overrides(p *rule.Pass) iter.Seq[override] {
	return func(yield func(override) bool) {
		switch e := p.Entry; {
		case e.TaskRun != nil:
			if o := &e.TaskRun.Spec; len(o.StepSpecs)+len(o.SidecarSpecs) > 0 {
				yield(override{p.At("spec"), "", o.StepSpecs, o.SidecarSpecs})
			}
		case e.Run != nil:
			for i := range e.Run.Spec.TaskRunSpecs {
				o := &e.Run.Spec.TaskRunSpecs[i]
				if len(o.StepSpecs)+len(o.SidecarSpecs) > 0 && !yield(override{p.At("spec").Index("taskRunSpecs", i), o.PipelineTaskName, o.StepSpecs, o.SidecarSpecs}) {
					return
				}
			}
		}
	}
}

// target returns the definition that the overridden task runs; the zero
// Definition if it is not known.
func (o *override) target(p *rule.Pass) *facts.Definition {
	if p.Entry.TaskRun != nil {
		runs := p.Entry.RunTask()
		return &runs
	}
	if pipeline := p.Entry.RunPipeline(); pipeline != nil {
		if t := pipeline.Task(o.task); t != nil {
			return &t.Runs
		}
	}
	return &facts.Definition{}
}
