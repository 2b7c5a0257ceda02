package triggers

import (
	"encoding/json"

	"github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// handles reports handles that are left in objects of this API group. Only Mutate
// can put them there. The set that contains the objects applies the rules of
// package check.
func handles(objects []object.Object) diag.Findings {
	var out diag.Findings
	for _, o := range objects {
		if !ofTriggers(o) {
			continue
		}
		about := reference(o.Object.GetObjectKind().GroupVersionKind().Kind, "")
		if m, ok := o.Object.(interface{ GetName() string }); ok {
			about.Name = handle.Strip(m.GetName())
		}
		if raw, err := json.Marshal(o.Object); err == nil && handle.HasMark(string(raw)) {
			out = append(out, diag.Finding{
				Code: "handle-misplaced", Severity: diag.Error, Object: about, Subject: about.Name, Position: o.At(diag.Path{}),
				Message: about.String() + " contains a handle in a place where handles are not resolved",
				Help:    `write the path as text: "body.after" in CEL, "$(body.after)" in a binding, "$(tt.params.NAME)" in a template`,
			})
		}
	}
	return out
}

// ofTriggers reports whether an object is of this API group.
func ofTriggers(o object.Object) bool {
	return o.Object != nil && o.Object.GetObjectKind().GroupVersionKind().Group == v1beta1.SchemeGroupVersion.Group
}
