package practice

import (
	_ "embed"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pod-forbidden.md
var podForbiddenText string

var podForbidden = &rule.Rule{
	Code:     "pod-forbidden",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     podForbiddenText,
	Kinds:    []string{"Task", "Pipeline", "PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		namespace := p.Entry.Namespace()
		if namespace == "" {
			return
		}
		found := p.Set.Find("Namespace", "", namespace, p.Entry)
		if found == nil {
			return
		}
		o, ok := found.Kube.(*corev1.Namespace)
		if !ok {
			return
		}
		level := o.Labels[enforce]
		fault := map[string]func(*corev1.SecurityContext, facts.PodSecurity) string{"baseline": dangerous, "restricted": lacking}[level]
		if fault == nil {
			return
		}
		for _, t := range p.Entry.TaskSpecs() {
			if parts := violations(p, t, fault); len(parts) > 0 {
				p.Warning(t.Spot.Field("steps"), namespace, "namespace "+phrase.Quote(namespace)+" rejects the pods of "+t.Label+", because it enforces the "+level+" Pod Security Standard: "+
					few(parts, func(s []string) string { return strings.Join(s, "; ") }),
					"run it in another namespace, or change the label "+enforce, found.At("metadata", "labels").Related("namespace "+phrase.Quote(namespace)))
			}
		}
	},
}

// enforce is the label of a namespace with the Pod Security Standard of its pods.
const enforce = "pod-security.kubernetes.io/enforce"

// lacking returns what the restricted standard forbids in a container.
func lacking(sc *corev1.SecurityContext, pod facts.PodSecurity) string {
	if fault := dangerous(sc, pod); fault != "" {
		return fault
	}
	return violation(sc, pod)
}

// dangerous returns what already the baseline standard forbids in a container.
func dangerous(sc *corev1.SecurityContext, _ facts.PodSecurity) string {
	switch {
	case sc.Privileged != nil && *sc.Privileged:
		return "with privileged: true"
	case sc.SeccompProfile != nil && sc.SeccompProfile.Type == corev1.SeccompProfileTypeUnconfined:
		return "with seccompProfile.type: Unconfined"
	}
	return ""
}
