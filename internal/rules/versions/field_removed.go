package versions

import (
	_ "embed"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed field-removed.md
var fieldRemovedText string

var fieldRemoved = &rule.Rule{
	Code:     "field-removed",
	Severity: diag.Error,
	Topic:    "versions",
	Text:     fieldRemovedText,
	Kinds:    []string{"Task", "Pipeline", "PipelineRun", "TaskRun"},
	Run: func(p *rule.Pass) {

		s := p.At("spec")
		switch o := p.Entry.Old.(type) {
		case *v1beta1.Task:
			removedResources(p, s, o.Spec.Resources != nil)
		case *v1beta1.Pipeline:
			removedInPipeline(p, s, &o.Spec)
		case *v1beta1.PipelineRun:
			removedResources(p, s, o.Spec.Resources != nil)
			if ref := o.Spec.PipelineRef; ref != nil {
				removedBundle(p, s.Field("pipelineRef"), ref.Bundle)
			}
			if o.Spec.PipelineSpec != nil {
				removedInPipeline(p, s.Field("pipelineSpec"), o.Spec.PipelineSpec)
			}
		case *v1beta1.TaskRun:
			removedResources(p, s, o.Spec.Resources != nil)
			if ref := o.Spec.TaskRef; ref != nil {
				removedBundle(p, s.Field("taskRef"), ref.Bundle)
			}
			if o.Spec.TaskSpec != nil {
				removedResources(p, s.Field("taskSpec"), o.Spec.TaskSpec.Resources != nil)
			}
		}
	},
}

func removedInPipeline(p *rule.Pass, s facts.Spot, spec *v1beta1.PipelineSpec) {
	removedResources(p, s, len(spec.Resources) > 0)
	for _, list := range [...]struct {
		name  string
		tasks []v1beta1.PipelineTask
	}{{"tasks", spec.Tasks}, {"finally", spec.Finally}} {
		for i := range list.tasks {
			t, at := &list.tasks[i], s.Index(list.name, i)
			removedResources(p, at, t.Resources != nil)
			if t.TaskRef != nil {
				removedBundle(p, at.Field("taskRef"), t.TaskRef.Bundle)
			}
			if t.PipelineRef != nil {
				removedBundle(p, at.Field("pipelineRef"), t.PipelineRef.Bundle)
			}
			if t.TaskSpec != nil {
				removedResources(p, at.Field("taskSpec"), t.TaskSpec.Resources != nil)
			}
			if t.PipelineSpec != nil {
				removedInPipeline(p, at.Field("pipelineSpec"), t.PipelineSpec)
			}
		}
	}
}

func removedResources(p *rule.Pass, s facts.Spot, on bool) {
	if on {
		p.Error(s.Field("resources"), "resources", "the field resources uses PipelineResources, which Tekton has removed",
			"replace it with params, workspaces and results, and with a Task that does what the resource did, such as git-clone")
	}
}

func removedBundle(p *rule.Pass, s facts.Spot, bundle string) {
	if bundle != "" {
		p.Error(s.Field("bundle"), "bundle", "Tekton no longer accepts the field bundle",
			"set resolver: bundles, and the params bundle, name and kind")
	}
}
