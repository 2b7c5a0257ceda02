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
	Severity: diag.Note,
	Persona:  rule.Pedantic,
	Topic:    "practice",
	Text:     requestsMissingText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			if len(t.Spec.Steps) == 0 || stepRequests(t) || p.Set.SetsResources(t) {
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
			p.Note(s, "", "no step of "+t.Label+" requests cpu or memory: the scheduler reserves nothing for its pod, which is killed first when the node runs out of memory",
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
