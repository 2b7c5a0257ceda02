package check

import (
	"strings"
)

// gate reports a field that needs a feature flag of its own.
func (c *checker) gate(s spot, flag, what string) {
	if c.profile.feature(flag) {
		return
	}
	c.warn(s, "feature-gate", flag, what+" needs the feature flag "+flag+", which is off by default", "switch it on in the ConfigMap feature-flags, or do without")
}

// level reports a field that needs a level of enable-api-fields.
func (c *checker) level(s spot, level, what string) {
	if c.profile.allows(level) {
		return
	}
	now := c.profile.APIFields
	if now == "" {
		now = "beta, the default"
	}
	c.warn(s, "feature-gate", level, what+" needs enable-api-fields "+level+"; the cluster has "+now,
		"raise enable-api-fields in the ConfigMap feature-flags, or do without")
}

// gatesOf reports the fields of a Task spec that a cluster may not offer.
func (t *taskCheck) gatesOf() {
	for _, p := range t.params.list {
		if len(p.Enum) > 0 {
			t.gate(p.spot.field("enum"), "enable-param-enum", "enum")
		}
	}
	for i := range t.spec.Steps {
		step, s := &t.spec.Steps[i], t.spot.index("steps", i)
		if step.StdoutConfig != nil {
			t.level(s.field("stdoutConfig"), "alpha", "stdoutConfig")
		}
		if step.StderrConfig != nil {
			t.level(s.field("stderrConfig"), "alpha", "stderrConfig")
		}
		if strings.HasPrefix(strings.TrimSpace(step.Script), "#!win") {
			t.level(s.field("script"), "alpha", "a script for Windows")
		}
		if len(step.Workspaces) > 0 {
			t.level(s.field("workspaces"), "beta", "a workspace of a step")
		}
	}
	for i := range t.spec.Sidecars {
		if len(t.spec.Sidecars[i].Workspaces) > 0 {
			t.level(t.spot.index("sidecars", i).field("workspaces"), "beta", "a workspace of a sidecar")
		}
	}
}
