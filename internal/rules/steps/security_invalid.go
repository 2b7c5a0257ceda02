package steps

import (
	_ "embed"
	"slices"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/podspec"
	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed security-invalid.md
var securityInvalidText string

var securityInvalid = &rule.Rule{
	Code:     "security-invalid",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     securityInvalidText,
	Kinds:    slices.Concat([]string{"EventListener"}, rule.TaskSpecKinds),
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Kind == facts.Action || c.Kind == facts.StepTemplate && len(c.Task.Spec.Steps) == 0 {
				continue
			}
			if c.Security != nil {
				security(p, c.Spot, c.Label, c.Security)
			}
		}
		p.Entry.EachPodTemplate(func(s facts.Spot, t *pod.PodTemplate) {
			if t.SecurityContext != nil {
				podSecurity(p, s.Field("securityContext"), t.SecurityContext)
			}
		})
		if s, c := listenerContainer(p); c != nil && c.SecurityContext != nil {
			security(p, s, listener, c.SecurityContext)
		}
	},
}

var profileTypes = []string{"RuntimeDefault", "Localhost", "Unconfined"}

// security reports unknown profile types and capabilities in the security context
// of the container at s, and root as a user that is not root.
func security(p *rule.Pass, s facts.Spot, label string, sc *corev1.SecurityContext) {
	s = s.Field("securityContext")
	lookup.Rejected(p, s, label, podspec.Security(sc))
	if profile := sc.SeccompProfile; profile != nil {
		profileType(p, s.Field("seccompProfile", "type"), "seccomp", label, string(profile.Type))
	}
	if profile := sc.AppArmorProfile; profile != nil {
		profileType(p, s.Field("appArmorProfile", "type"), "AppArmor", label, string(profile.Type))
	}
	if user := sc.RunAsUser; user != nil && *user == 0 && sc.RunAsNonRoot != nil && *sc.RunAsNonRoot {
		p.Error(s.Field("runAsUser"), "0", label+" sets both runAsUser: 0 and runAsNonRoot: true, so its container does not start", "set runAsUser to another user, or remove runAsNonRoot")
	}
	if sc.Capabilities == nil {
		return
	}
	at := s.Field("capabilities")
	for i, c := range sc.Capabilities.Add {
		if name := string(c); !facts.IsCapability(name) {
			p.Error(at.Index("add", i), name, label+" adds the unknown capability "+phrase.Quote(name)+", with which some runtimes do not start a container",
				phrase.OneOf(name, facts.Capabilities)).Misspelled(name, facts.Capabilities)
		}
	}
	for i, c := range sc.Capabilities.Drop {
		if name := string(c); !facts.IsCapability(name) {
			p.Warning(at.Index("drop", i), name, label+" drops the unknown capability "+phrase.Quote(name)+", so it keeps the one that was meant",
				phrase.Suggest(name, facts.Capabilities, `use "ALL"`)).Misspelled(name, facts.Capabilities)
		}
	}
}

// podSecurity reports unknown profile types and IDs in the security context of a pod
// template.
func podSecurity(p *rule.Pass, s facts.Spot, sc *corev1.PodSecurityContext) {
	const label = "the podTemplate"
	if profile := sc.SeccompProfile; profile != nil {
		profileType(p, s.Field("seccompProfile", "type"), "seccomp", label, string(profile.Type))
	}
	if profile := sc.AppArmorProfile; profile != nil {
		profileType(p, s.Field("appArmorProfile", "type"), "AppArmor", label, string(profile.Type))
	}
	lookup.Rejected(p, s, label, podspec.PodSecurity(sc))
}

func profileType(p *rule.Pass, s facts.Spot, noun, label, kind string) {
	if !slices.Contains(profileTypes, kind) && !tekref.Contains(kind) {
		p.Error(s, kind, "the "+noun+" profile of "+label+" has the unknown type "+phrase.Quote(kind)+": the API server rejects the pod",
			phrase.OneOf(kind, profileTypes)).Misspelled(kind, profileTypes)
	}
}
