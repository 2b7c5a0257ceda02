package practice

import (
	_ "embed"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed privileged.md
var privilegedText string

var privileged = &rule.Rule{
	Code:     "privileged",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     privilegedText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for c := range p.Entry.Containers() {
			if c.Security != nil {
				privileges(p, c)
			}
		}
	},
}

// baseline has the capabilities that a container may add under the baseline Pod
// Security Standard.
var baseline = []corev1.Capability{
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
	"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

// privileges reports a container that can take over its node. A container that
// runs as root is not reported: most images do.
func privileges(p *rule.Pass, c *facts.Container) {
	sc := c.Security
	if sc.Privileged != nil && *sc.Privileged {
		p.Warning(c.Spot.Field("securityContext", "privileged"), "", c.Label+" is privileged: anyone who controls what it runs controls the node",
			"use a tool that needs no privileges (rootless BuildKit or Buildah)"+allowed("privileged"))
		return // it has all capabilities
	}
	if sc.Capabilities == nil {
		return
	}
	for i, capability := range sc.Capabilities.Add {
		name := string(capability)
		if facts.IsCapability(name) && !slices.Contains(baseline, corev1.Capability(strings.TrimPrefix(name, "CAP_"))) {
			p.Warning(c.Spot.Field("securityContext", "capabilities").Index("add", i), name,
				c.Label+" adds the capability "+phrase.Quote(name)+", which the baseline Pod Security Standard forbids", "remove it"+allowed("privileged"))
			return
		}
	}
}
