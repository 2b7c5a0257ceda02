package check

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/tekwright/tekwright/pkg/diag"

	"github.com/tekwright/tekwright/pkg/object"
)

// Silence is the prefix of the annotations by which an object silences rules
// for itself. The name is the code, the value the reason, which must not be
// empty:
//
//	check.tekwright.dev/input-in-script: only the release team starts this
//
// It holds for all findings in the object. One that silences nothing is fine:
// what it excuses may depend on the other objects.
const Silence = "check.tekwright.dev/"

// Settle gives findings the severities that the profile asks for, and drops
// those of disabled rules, and those that their objects silence: what [Run] does
// with its own findings, for those on texts (manifest.Parse, manifest.Load)
// and of other tools. Where several objects have one name, each has to silence
// it. The findings that are given stay as they are.
func (p Profile) Settle(findings diag.Findings, objects []object.Object) diag.Findings {
	annotations := map[diag.ObjectRef][]map[string]string{}
	for _, o := range objects {
		if o.IsNil() {
			continue
		}
		if m, err := meta.Accessor(o.Object); err == nil {
			ref := o.Ref()
			annotations[ref] = append(annotations[ref], m.GetAnnotations())
		}
	}
	var kept diag.Findings
	for _, f := range findings {
		f.Severity = p.severity(f)
		of := annotations[f.Object]
		spoken := slices.ContainsFunc(of, func(a map[string]string) bool { return strings.TrimSpace(a[Silence+f.Code]) == "" })
		if !p.disabled(f.Code) && (spoken || len(of) == 0) {
			kept = append(kept, f)
		}
	}
	return kept
}

// settle gives the findings the severities that the profile asks for, and
// drops those that their objects silence.
func (c *checker) settle() {
	silenced := map[*entry]map[string]bool{}
	for _, e := range c.entries {
		silenced[e] = c.silences(e)
	}
	for i := 0; i < len(c.owners); i++ { // what silences says is looked at too
		for e := c.owners[i]; e != nil; e = e.within {
			if _, ok := silenced[e]; !ok { // an object inside another one
				silenced[e] = c.silences(e)
			}
		}
	}
	c.adjust()
	kept := c.findings[:0]
	for i, f := range c.findings {
		f.Severity = c.profile.severity(f)
		drop := c.profile.disabled(f.Code)
		for e := c.owners[i]; e != nil && !drop; e = e.within {
			drop = silenced[e][f.Code]
		}
		if !drop {
			kept = append(kept, f)
		}
	}
	c.findings = kept
}

// silences are the codes that an object silences.
func (c *checker) silences(e *entry) map[string]bool {
	m, err := meta.Accessor(e.Object.Object)
	if err != nil {
		return nil
	}
	var out map[string]bool
	annotations := m.GetAnnotations()
	for _, name := range sortedKeys(annotations) {
		code, ok := strings.CutPrefix(name, Silence)
		if !ok {
			continue
		}
		s := in(e, key("metadata.annotations", name)).of(name)
		switch {
		case !c.profile.speaksOf(code):
			c.warn(s, "silence-unknown", code, "the annotation silences "+q(code)+", which is no rule",
				suggest(code, c.profile.codes(), "the rules are listed by: tekwright rules"))
		case strings.TrimSpace(annotations[name]) == "":
			c.warn(s, "silence-reason", code, "the annotation silences "+q(code)+" without a reason, so it does not", "say why as its value")
		default:
			if out == nil {
				out = map[string]bool{}
			}
			out[code] = true
		}
	}
	return out
}
