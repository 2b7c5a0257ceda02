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
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed env-invalid.md
var envInvalidText string

var envInvalid = &rule.Rule{
	Code:     "env-invalid",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     envInvalidText,
	Kinds:    slices.Concat([]string{"EventListener"}, rule.TaskSpecKinds),
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			environment(p, c.Spot, c.Label, c.Env, c.EnvFrom)
		}
		p.Entry.EachPodTemplate(func(s facts.Spot, t *pod.PodTemplate) {
			environment(p, s, "the podTemplate", t.Env, nil)
		})
		if s, c := listenerContainer(p); c != nil {
			environment(p, s, listener, c.Env, c.EnvFrom)
		}
	},
}

// environment reports environment variables of what is at s that the API server rejects.
func environment(p *rule.Pass, s facts.Spot, label string, env []corev1.EnvVar, from []corev1.EnvFromSource) {
	for i := range env {
		lookup.Rejected(p, s.Index("env", i), "environment variable "+phrase.Quote(env[i].Name)+" of "+label, podspec.EnvVar(&env[i]))
	}
	for i := range from {
		lookup.Rejected(p, s.Index("envFrom", i), "an item of envFrom of "+label, podspec.EnvFrom(&from[i]))
	}
}
