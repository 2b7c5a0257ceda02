package practice

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed pod-unrestricted.md
var podUnrestrictedText string

var podUnrestricted = &rule.Rule{
	Code:     "pod-unrestricted",
	Severity: diag.Note,
	Persona:  rule.Auditor,
	Topic:    "practice",
	Text:     podUnrestrictedText,
	Kinds:    []string{"Task", "Pipeline", "PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			unrestricted(p, t)
		}
		p.Entry.EachPodTemplate(func(s facts.Spot, t *pod.PodTemplate) { unrestrictedPod(p, s, t) })
	},
}

const forbids = "the restricted Pod Security Standard forbids "

// unrestricted reports the containers of a Task whose pod the standard forbids.
// Containers that lack the same are named together.
func unrestricted(p *rule.Pass, t *facts.TaskSpec) {
	parts := violations(p, t, func(sc *corev1.SecurityContext, pod facts.PodSecurity) string {
		if sc.Privileged != nil && *sc.Privileged {
			return "" // the rule privileged reports it
		}
		return violation(sc, pod)
	})
	if len(parts) == 0 {
		return
	}
	at := t.Spot.Field("steps")
	var scope any = t
	if t.Pipeline != nil {
		scope = t.Pipeline
	}
	if p.Again(scope, strings.Join(parts, ";"), at) {
		return
	}
	p.Note(at, "", forbids+"the pods of "+t.Label+": "+few(parts, func(s []string) string { return strings.Join(s, "; ") }),
		"set these fields in securityContext, for all steps in stepTemplate"+allowed("pod-unrestricted"))
}

// violations returns what is wrong with the containers of a Task: what a function returns for
// the security context of a container and for its pod, after the names of the containers.
func violations(p *rule.Pass, t *facts.TaskSpec, of func(*corev1.SecurityContext, facts.PodSecurity) string) []string {
	pod := p.Set.PodSecurity(t)
	var faults []string
	var names map[string][]string
	all := t.Containers()
	for i := range all {
		c := &all[i]
		if strings.HasPrefix(c.Script, "#!win") {
			return nil // the standard has exceptions for Windows
		}
		sc, known := c.SecurityContext()
		if !known {
			continue
		}
		fault := of(&sc, pod)
		if fault == "" {
			continue
		}
		if names == nil {
			names = map[string][]string{}
		}
		if names[fault] == nil {
			faults = append(faults, fault)
		}
		names[fault] = append(names[fault], c.Label)
	}
	for i, fault := range faults {
		faults[i] = few(names[fault], phrase.And) + " " + fault
	}
	return faults
}

// few joins the first words, and counts the others.
func few(words []string, join func([]string) string) string {
	const most = 4
	if n := len(words) - most; n > 0 {
		words = append(slices.Clone(words[:most]), phrase.Itoa(n)+" more")
	}
	return join(words)
}

// violation returns what the standard forbids in a container, as an attribute of its
// name; "" if nothing. Where a container sets nothing, its pod may.
func violation(sc *corev1.SecurityContext, pod facts.PodSecurity) string {
	var must []string
	if sc.AllowPrivilegeEscalation == nil || *sc.AllowPrivilegeEscalation {
		must = append(must, "allowPrivilegeEscalation: false")
	}
	var added []string
	if sc.Capabilities == nil || !slices.Contains(sc.Capabilities.Drop, "ALL") {
		must = append(must, "capabilities.drop: [ALL]")
	}
	if sc.Capabilities != nil {
		for _, c := range sc.Capabilities.Add {
			if c != "NET_BIND_SERVICE" {
				added = append(added, string(c))
			}
		}
	}
	if sc.RunAsNonRoot == nil && !pod.NonRoot || sc.RunAsNonRoot != nil && !*sc.RunAsNonRoot && !pod.Namespaced {
		must = append(must, "runAsNonRoot: true")
	}
	if sc.SeccompProfile == nil && !pod.Seccomp || sc.SeccompProfile != nil && !facts.Restricts(sc.SeccompProfile) {
		must = append(must, "seccompProfile.type: RuntimeDefault")
	}
	var all []string
	if len(must) > 0 {
		all = append(all, "without "+phrase.And(must))
	}
	if len(added) > 0 {
		all = append(all, "with capabilities.add: ["+strings.Join(added, ", ")+"]")
	}
	if sc.RunAsUser != nil && *sc.RunAsUser == 0 && !pod.Namespaced {
		all = append(all, "with runAsUser: 0")
	}
	return phrase.And(all)
}

// unrestrictedPod reports what a run sets for its pods and the standard forbids,
// whatever their containers set.
func unrestrictedPod(p *rule.Pass, s facts.Spot, t *pod.PodTemplate) {
	sc := t.SecurityContext
	if sc == nil {
		return
	}
	s = s.Field("securityContext")
	report := func(s facts.Spot, setting string) {
		p.Note(s, "", forbids+"pods with "+setting, "remove it"+allowed("pod-unrestricted"))
	}
	users := t.HostUsers
	if run := p.Entry.Run; users == nil && run != nil && run.Spec.TaskRunTemplate.PodTemplate != nil {
		users = run.Spec.TaskRunTemplate.PodTemplate.HostUsers
	}
	if namespaced := users != nil && !*users; !namespaced {
		if sc.RunAsNonRoot != nil && !*sc.RunAsNonRoot {
			report(s.Field("runAsNonRoot"), "runAsNonRoot: false")
		}
		if sc.RunAsUser != nil && *sc.RunAsUser == 0 {
			report(s.Field("runAsUser"), "runAsUser: 0")
		}
	}
	if sc.SeccompProfile != nil && !facts.Restricts(sc.SeccompProfile) {
		report(s.Field("seccompProfile", "type"), "seccompProfile.type: "+phrase.Quote(string(sc.SeccompProfile.Type)))
	}
}
