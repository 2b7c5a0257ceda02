package check

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
)

// Silence is the prefix of the annotations by which an object silences rules
// for itself. The name is the code, the value the reason, which must not be
// empty:
//
//	check.tekwright.dev/privileged: the Docker daemon needs it
const Silence = "check.tekwright.dev/"

// settle gives the findings the severities that the profile asks for, and
// drops those that their objects silence.
func (c *checker) settle() {
	silenced := map[Ref]map[string]bool{}
	for _, e := range c.entries {
		for code := range c.silences(e) {
			if silenced[e.ref] == nil {
				silenced[e.ref] = map[string]bool{}
			}
			silenced[e.ref][code] = true
		}
	}
	kept := c.findings[:0]
	for _, f := range c.findings {
		if s, ok := c.profile.Severities[f.Code]; ok {
			f.Severity = s
		}
		if f.Severity != Off && !silenced[f.Object][f.Code] {
			kept = append(kept, f)
		}
	}
	c.findings = kept
}

// silences are the codes that an object silences, and its reasons.
func (c *checker) silences(e *entry) map[string]string {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil {
		return nil
	}
	var out map[string]string
	for _, name := range sortedKeys(m.GetAnnotations()) {
		code, ok := strings.CutPrefix(name, Silence)
		if !ok {
			continue
		}
		reason := strings.TrimSpace(m.GetAnnotations()[name])
		if reason == "" {
			c.warn(in(e, key("metadata.annotations", name)), "silence-reason", code,
				"the annotation silences "+q(code)+" without a reason, so it does not", "say why as its value")
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[code] = reason
	}
	return out
}
