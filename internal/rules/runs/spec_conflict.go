package runs

import (
	_ "embed"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed spec-conflict.md
var specConflictText string

var specConflict = &rule.Rule{
	Code:     "spec-conflict",
	Severity: diag.Error,
	Topic:    "runs",
	Text:     specConflictText,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		s, name := p.At("spec"), p.Entry.Ref.Name
		switch e := p.Entry; {
		case e.Run != nil:
			if e.Run.Spec.PipelineRef != nil && e.Run.Spec.PipelineSpec != nil {
				p.Error(s, name, e.Label()+" has both pipelineRef and pipelineSpec", "keep one of them")
			}
			for i := range e.Run.Spec.TaskRunSpecs {
				o := &e.Run.Spec.TaskRunSpecs[i]
				twoResources(p, s.Index("taskRunSpecs", i), o.StepSpecs, o.ComputeResources != nil)
			}
			if old, ok := e.Old.(*v1beta1.PipelineRun); ok && old.Spec.Timeout != nil && old.Spec.Timeouts != nil {
				p.Error(s.Field("timeouts"), "timeout", "this PipelineRun has both timeout and timeouts", "move the timeout to timeouts.pipeline")
			}
		case e.TaskRun != nil:
			if e.TaskRun.Spec.TaskRef != nil && e.TaskRun.Spec.TaskSpec != nil {
				p.Error(s, name, e.Label()+" has both taskRef and taskSpec", "keep one of them")
			}
			twoResources(p, s, e.TaskRun.Spec.StepSpecs, e.TaskRun.Spec.ComputeResources != nil)
		case e.CustomRun != nil:
			if e.CustomRun.Spec.CustomRef != nil && e.CustomRun.Spec.CustomSpec != nil {
				p.Error(s, name, "this CustomRun has both customRef and customSpec", "keep one of them")
			}
		default:
			eventConflicts(p)
		}
		for _, s := range p.Entry.PipelineSpecs() {
			for _, t := range s.Tasks {
				taskConflicts(p, t)
			}
		}
	},
}

// twoResources reports resources that are set both for the whole task and for a step.
func twoResources(p *rule.Pass, s facts.Spot, steps []v1.TaskRunStepSpec, whole bool) {
	for i := range steps {
		if whole && (len(steps[i].ComputeResources.Limits) > 0 || len(steps[i].ComputeResources.Requests) > 0) {
			p.Error(s.Index("stepSpecs", i).Field("computeResources"), steps[i].Name,
				"computeResources are set both for the whole task and for step "+phrase.Quote(steps[i].Name), "keep one of them")
		}
	}
}

// taskConflicts reports a pipeline task with more than one thing to run.
func taskConflicts(p *rule.Pass, t *facts.PipelineTask) {
	set := t.Sources()
	if len(set) > 1 {
		p.Error(t.Spot, t.Name, t.Label+" has "+strings.Join(set, " and "), "keep one of them")
		return
	}
	if spec := t.TaskSpec; spec != nil && len(spec.Steps) > 0 && (spec.APIVersion != "" || spec.Kind != "") {
		p.Error(t.Spot.Field("taskSpec"), t.Name, "the taskSpec of "+t.Label+" has steps, so it must not set apiVersion or kind", "remove apiVersion and kind")
	}
}

// eventConflicts reports objects of Tekton Triggers that set fields that exclude each
// other.
func eventConflicts(p *rule.Pass) {
	e := p.Entry
	for _, path := range e.Event.Conflicts {
		p.Error(e.At().To(path), "", "this interceptor has more than one type", "write one interceptor for each type, preferably with ref")
	}
	if i := e.Event.Interceptor; i != nil && i.Spec.ClientConfig.URL != nil && i.Spec.ClientConfig.Service != nil {
		p.Error(p.At("spec", "clientConfig"), e.Ref.Name, e.Ref.String()+" has both a url and a service", "keep one of them")
	}
	if l := e.Event.Listener; l != nil && e.HasTriggers() {
		if r := &l.Spec.Resources; r.KubernetesResource != nil && r.CustomResource != nil {
			p.Error(p.At("spec", "resources"), "", "resources has both kubernetesResource and customResource", "keep one of them")
		}
		for i := range l.Spec.Triggers {
			t, s := &l.Spec.Triggers[i], p.At("spec").Index("triggers", i)
			switch {
			case t.TriggerRef == "":
			case t.Template != nil || t.Bindings != nil || t.Interceptors != nil:
				p.Error(s, t.TriggerRef, "a trigger of "+e.Ref.String()+" has both triggerRef and other fields", "keep only triggerRef, or remove it")
			case t.ServiceAccountName != "":
				p.Warning(s.Field("serviceAccountName"), t.ServiceAccountName, "serviceAccountName is ignored if triggerRef is set: the service account of the Trigger is used", "set serviceAccountName in the Trigger")
			}
		}
	}
	if !e.HasTriggers() {
		return
	}
	for _, t := range e.Triggers() {
		for i, b := range t.Bindings {
			if b != nil && b.Ref != "" && b.Name != "" {
				p.Error(t.Spot.Index("bindings", i), b.Ref, "a binding of "+t.Label+" has both ref and name", "write two bindings: one with ref, one with name and value")
			}
		}
		if t.Template != nil && t.Template.Ref != nil && t.Template.Spec != nil {
			p.Error(t.Spot.Field("template"), *t.Template.Ref, t.Label+" has both a template ref and a template spec", "keep one of them")
		}
	}
}
