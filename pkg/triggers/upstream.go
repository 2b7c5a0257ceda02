package triggers

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tektoncd/triggers/pkg/apis/triggers/contexts"
	"knative.dev/pkg/apis"

	"github.com/tekwright/tekwright/internal/ref"
	"github.com/tekwright/tekwright/pkg/check"
)

// admitted reports what upstream's webhook has against objects of this API
// group, and handles that are left in them: the net below the checks of this
// package, and all that stands behind Mutate.
func admitted(objects []check.Object) check.Findings {
	var out check.Findings
	for _, o := range objects {
		if o.Object == nil || o.Object.GetObjectKind().GroupVersionKind().Group != "triggers.tekton.dev" {
			continue
		}
		about := reference(o.Object.GetObjectKind().GroupVersionKind().Kind, "")
		if m, ok := o.Object.(interface{ GetName() string }); ok {
			about.Name = ref.Strip(m.GetName())
		}
		f := check.Finding{Object: about, Subject: about.Name, Place: o.At("")}
		if raw, err := json.Marshal(o.Object); err == nil && ref.HasMark(string(raw)) {
			f.Code = "reference-misplaced"
			f.Message = about.String() + " holds a handle where none is read"
			f.Help = `write the path as text: "body.after" in CEL, "$(body.after)" in a binding, "$(tt.params.NAME)" in a template`
			out = append(out, f)
			continue
		}
		for _, complaint := range complaints(o) {
			f.Code, f.Message, f.Help = "upstream", "tekton refuses "+about.String()+": "+complaint, "mend the field that it names"
			out = append(out, f)
		}
	}
	return out
}

// complaints are what upstream's SetDefaults and Validate have against a copy
// of an object.
func complaints(o check.Object) (out []string) {
	target, ok := o.Object.DeepCopyObject().(interface {
		apis.Defaultable
		apis.Validatable
	})
	if !ok {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			out = []string{fmt.Sprintf("its own checks fail on it: %v", r)}
		}
	}()
	ctx := contexts.WithUpgradeViaDefaulting(context.Background())
	target.SetDefaults(ctx)
	for _, e := range target.Validate(ctx).WrappedErrors() {
		out = append(out, oneLine(e))
	}
	return out
}
