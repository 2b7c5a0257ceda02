package check

import (
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"

	"github.com/tekwright/tekwright/pkg/diag"
)

// gated is the severity of a field that the cluster does not offer: where the
// profile only supposes the defaults, it may offer it all the same.
func (c *checker) gated() diag.Severity {
	if c.profile.known() {
		return diag.Error
	}
	return diag.Warning
}

// inline reports a spec that stands in an object of a kind that may embed none.
func (c *checker) inline(s spot, kind, what string) {
	if slices.Contains(strings.Split(c.profile.DisableInlineSpec, ","), kind) {
		c.fail(s, "feature-gate", "disable-inline-spec", what+" is embedded, which the cluster forbids", "move it into an object of its own, and refer to that")
	}
}

// podEnv reports what a pod template sets and the cluster forbids.
func (c *checker) podEnv(s spot, t *pod.Template) {
	if t == nil {
		return
	}
	for i, v := range t.Env {
		if slices.Contains(c.profile.ForbiddenEnv, v.Name) {
			c.fail(s.index("env", i), "feature-gate", v.Name, "the pod template sets "+q(v.Name)+", which the cluster forbids", "drop it, or take it out of default-forbidden-env")
		}
	}
}

// gate reports a field that needs a feature flag of its own.
func (c *checker) gate(s spot, flag, what string) {
	if c.profile.feature(flag) {
		return
	}
	off := ", which is off by default"
	if c.profile.known() {
		off = ", which is off"
	}
	c.report(s, c.gated(), "feature-gate", flag, what+" needs the feature flag "+flag+off, "switch it on in the ConfigMap feature-flags, or do without")
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
	c.report(s, c.gated(), "feature-gate", level, what+" needs enable-api-fields "+level+"; the cluster has "+now,
		"raise enable-api-fields in the ConfigMap feature-flags, or do without")
}

// windows reports a script for Windows, where the cluster does not take any.
func (c *checker) windows(s spot, script string) {
	if strings.HasPrefix(strings.TrimSpace(script), "#!win") {
		c.level(s.field("script"), "alpha", "a script for Windows")
	}
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
		t.windows(s, step.Script)
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
