package practice

import (
	_ "embed"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed requests-missing.md
var requestsMissingText string

var requestsMissing = &rule.Rule{
	Code:     "requests-missing",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     requestsMissingText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			if len(t.Spec.Steps) == 0 || stepRequests(t) || runRequests(t) {
				continue
			}
			var scope any = t
			if t.Pipeline != nil {
				scope = t.Pipeline
			}
			s := t.Spot.Field("steps")
			if p.Again(scope, "", s) {
				continue
			}
			p.Warning(s, "", "no step of "+t.Label+" requests cpu or memory: the scheduler reserves nothing for its pod, which is killed first when the node runs out of memory",
				"set computeResources.requests in its largest step, or in stepTemplate")
		}
	},
}

// stepRequests reports whether a step, or stepTemplate, requests cpu or memory.
func stepRequests(t *facts.TaskSpec) bool {
	if t.Spec.StepTemplate != nil && requests(&t.Spec.StepTemplate.ComputeResources) {
		return true
	}
	for i := range t.Spec.Steps {
		if requests(&t.Spec.Steps[i].ComputeResources) {
			return true
		}
	}
	return false
}

// requests reports whether a container requests cpu or memory. A limit counts as a
// request.
func requests(r *corev1.ResourceRequirements) bool {
	for _, list := range [...]corev1.ResourceList{r.Requests, r.Limits} {
		_, cpu := list[corev1.ResourceCPU]
		_, memory := list[corev1.ResourceMemory]
		if cpu || memory {
			return true
		}
	}
	return false
}

// runRequests reports whether the run around an embedded spec sets resources. A
// run that refers to a Task does not count, since other runs may set none.
func runRequests(t *facts.TaskSpec) bool {
	if t.TaskRun != nil {
		run := &t.TaskRun.TaskRun.Spec
		return run.ComputeResources != nil || len(run.StepSpecs) > 0
	}
	if t.Pipeline == nil || t.Pipeline.Run == nil {
		return false
	}
	specs := t.Pipeline.Run.Spec.TaskRunSpecs
	for i := range specs {
		if specs[i].PipelineTaskName == t.PipelineTask.Name && (specs[i].ComputeResources != nil || len(specs[i].StepSpecs) > 0) {
			return true
		}
	}
	return false
}
