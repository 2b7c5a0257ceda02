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
				rights(p, c)
			}
		}
	},
}

// baseline are the capabilities that the Pod Security level baseline lets a
// container add.
var baseline = []corev1.Capability{
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
	"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

// rights reports a container that may do as it likes on its node. That it runs as
// root is no such thing: most images do, said or not.
func rights(p *rule.Pass, c *facts.Container) {
	sc := c.Security
	if sc.Privileged != nil && *sc.Privileged {
		p.Warning(c.Spot.Field("securityContext", "privileged"), "", c.Label+" is privileged: whoever can change what it runs has the node, and all that runs there",
			"use a tool that needs no such rights (BuildKit rootless, Kaniko, Buildah)"+allowed("privileged"))
		return // it has all capabilities
	}
	if sc.Capabilities == nil {
		return
	}
	for i, capability := range sc.Capabilities.Add {
		name := string(capability)
		if facts.IsCapability(name) && !slices.Contains(baseline, corev1.Capability(strings.TrimPrefix(name, "CAP_"))) {
			p.Warning(c.Spot.Field("securityContext", "capabilities").Index("add", i), name,
				c.Label+" adds the capability "+phrase.Quote(name)+", which the Pod Security level baseline refuses", "drop it"+allowed("privileged"))
			return
		}
	}
}
