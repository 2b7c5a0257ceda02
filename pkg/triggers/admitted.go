package triggers

import (
	"encoding/json"

	"github.com/tekwright/tekwright/internal/ref"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// admitted reports what the rules of package check have against objects of this
// API group, and handles that are left in them: all that stands behind Mutate.
func admitted(objects []object.Object) diag.Findings {
	var own []object.Object
	var out diag.Findings
	for _, o := range objects {
		if o.Object == nil || o.Object.GetObjectKind().GroupVersionKind().Group != "triggers.tekton.dev" {
			continue
		}
		own = append(own, o)
		about := reference(o.Object.GetObjectKind().GroupVersionKind().Kind, "")
		if m, ok := o.Object.(interface{ GetName() string }); ok {
			about.Name = ref.Strip(m.GetName())
		}
		if raw, err := json.Marshal(o.Object); err == nil && ref.HasMark(string(raw)) {
			out = append(out, diag.Finding{
				Code: "reference-misplaced", Object: about, Subject: about.Name, Place: o.At(""),
				Message: about.String() + " holds a handle where none is read",
				Help:    `write the path as text: "body.after" in CEL, "$(body.after)" in a binding, "$(tt.params.NAME)" in a template`,
			})
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, f := range check.Run(own, check.Profile{}) {
		if f.Severity == diag.Error {
			out = append(out, f)
		}
	}
	return out
}
