package check

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
)

// removed reports what an object of tekton.dev/v1beta1 may still spell, but
// Tekton has taken out: PipelineResources, and bundles other than by the
// resolver.
func (c *checker) removed(e *entry) {
	s := in(e, "spec")
	switch o := e.old.(type) {
	case *v1beta1.Task:
		c.removedTask(s, &o.Spec)
	case *v1beta1.Pipeline:
		c.removedPipeline(s, &o.Spec)
	case *v1beta1.PipelineRun:
		c.removedResources(s, o.Spec.Resources != nil)
		if ref := o.Spec.PipelineRef; ref != nil {
			c.removedBundle(s.field("pipelineRef"), ref.Bundle)
		}
		if o.Spec.PipelineSpec != nil {
			c.removedPipeline(s.field("pipelineSpec"), o.Spec.PipelineSpec)
		}
		if o.Spec.Timeout != nil && o.Spec.Timeouts != nil {
			c.fail(s.field("timeouts"), "spec-conflict", "timeout", "this PipelineRun has both timeout and timeouts", "move the timeout to timeouts.pipeline")
		}
	case *v1beta1.TaskRun:
		c.removedResources(s, o.Spec.Resources != nil)
		if ref := o.Spec.TaskRef; ref != nil {
			c.removedBundle(s.field("taskRef"), ref.Bundle)
		}
		if o.Spec.TaskSpec != nil {
			c.removedTask(s.field("taskSpec"), o.Spec.TaskSpec)
		}
	}
}

func (c *checker) removedTask(s spot, spec *v1beta1.TaskSpec) {
	c.removedResources(s, spec.Resources != nil)
}

func (c *checker) removedPipeline(s spot, spec *v1beta1.PipelineSpec) {
	c.removedResources(s, len(spec.Resources) > 0)
	for _, list := range []struct {
		name  string
		tasks []v1beta1.PipelineTask
	}{{"tasks", spec.Tasks}, {"finally", spec.Finally}} {
		for i := range list.tasks {
			t, at := &list.tasks[i], s.index(list.name, i)
			c.removedResources(at, t.Resources != nil)
			if t.TaskRef != nil {
				c.removedBundle(at.field("taskRef"), t.TaskRef.Bundle)
			}
			if t.PipelineRef != nil {
				c.removedBundle(at.field("pipelineRef"), t.PipelineRef.Bundle)
			}
			if t.TaskSpec != nil {
				c.removedTask(at.field("taskSpec"), &t.TaskSpec.TaskSpec)
			}
			if t.PipelineSpec != nil {
				c.removedPipeline(at.field("pipelineSpec"), t.PipelineSpec)
			}
		}
	}
}

func (c *checker) removedResources(s spot, on bool) {
	if on {
		c.fail(s.field("resources"), "field-removed", "resources", "resources declares PipelineResources, which Tekton has removed",
			"use params, workspaces and results, and a Task that fetches or stores what the resource did")
	}
}

func (c *checker) removedBundle(s spot, bundle string) {
	if bundle != "" {
		c.fail(s.field("bundle"), "field-removed", "bundle", "bundle is a field that Tekton refuses in new objects",
			"write resolver: bundles, with the params bundle, name and kind")
	}
}
