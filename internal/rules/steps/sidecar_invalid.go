package steps

import (
	_ "embed"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/podspec"
	"github.com/tekwright/tekwright/internal/rules/lookup"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed sidecar-invalid.md
var sidecarInvalidText string

var sidecarInvalid = &rule.Rule{
	Code:     "sidecar-invalid",
	Severity: diag.Error,
	Topic:    "steps",
	Text:     sidecarInvalidText,
	Kinds:    []string{"Task", "Pipeline", "PipelineRun", "TaskRun"},
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			s := c.Sidecar
			if s == nil {
				continue
			}
			lookup.Rejected(p, c.Spot.Field("ports"), c.Label, podspec.Ports(s.Ports))
			lookup.Rejected(p, c.Spot, c.Label, podspec.Probe(podspec.Liveness, s.LivenessProbe))
			lookup.Rejected(p, c.Spot, c.Label, podspec.Probe(podspec.Readiness, s.ReadinessProbe))
			lookup.Rejected(p, c.Spot, c.Label, podspec.Probe(podspec.Startup, s.StartupProbe))
			lookup.Rejected(p, c.Spot, c.Label, podspec.Lifecycle(s.Lifecycle))
			if p.Entry.Task != nil && p.Profile.HasSchemas() {
				samePorts(p, c)
			}
		}
	},
}

// samePorts reports ports of a sidecar that are there twice. A pod may have them, but the
// schema of the Task does not allow them. Tasks in other objects have no such schema.
func samePorts(p *rule.Pass, c *facts.Container) {
	type key struct {
		number   int32
		protocol corev1.Protocol
	}
	seen := map[key]bool{}
	for i, port := range c.Sidecar.Ports {
		k := key{port.ContainerPort, port.Protocol}
		if k.protocol == "" {
			k.protocol = corev1.ProtocolTCP
		}
		if seen[k] && k.number != 0 {
			number := phrase.Itoa(int(k.number))
			p.Error(c.Spot.Index("ports", i).Field("containerPort"), number, c.Label+" has port "+number+" twice: the API server rejects the Task", "remove one of them")
		}
		seen[k] = true
	}
}
