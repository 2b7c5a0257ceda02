package manifest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/conversion"
	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Conversion describes the conversion of an object.
type Conversion struct {
	Object   diag.ObjectRef // the converted object
	Position diag.Position  // of the object
	From     string         // the old API version
	To       string         // the new API version
	Fields   []FieldChange  // in the order of the object
}

// FieldChange is a field that was moved, dropped or added.
type FieldChange struct {
	From diag.Path // the zero Path for a field that was added
	To   diag.Path // the zero Path for a field that was dropped
}

// String describes the change: "spec.timeout becomes spec.timeouts.pipeline".
func (f FieldChange) String() string {
	switch {
	case f.From.IsRoot():
		return f.To.String() + " is added"
	case f.To.IsRoot():
		return f.From.String() + " is dropped"
	}
	return f.From.String() + " becomes " + f.To.String()
}

// String returns a line with the object and both versions, and a line for each
// changed field.
func (u Conversion) String() string {
	var b strings.Builder
	b.WriteString(before(u.Position))
	b.WriteString(u.Object.String() + " of " + u.From + " becomes " + u.To)
	for _, f := range u.Fields {
		b.WriteString("\n\t" + f.String())
	}
	return b.String()
}

// Upgrade converts objects of old API versions to the version in which Tekton stores
// them, and lists the changes. Tasks, Pipelines and their runs of v1beta1 become v1,
// and StepActions of v1alpha1 become v1beta1. Upgrade uses Tekton's own conversions,
// so it drops the same fields as a cluster would. Dropped fields are listed, and so
// are annotations in which Tekton keeps their values, as added.
//
// All other objects are returned unchanged, including those of Tekton Triggers, for
// which there is no conversion, and objects inside a TriggerTemplate. Objects that
// cannot be converted are also returned unchanged, each with an error. Among them are
// objects with a reference to a bundle, which would change its meaning. The status is
// dropped and not listed.
//
// Positions still refer to the file from which an object was read. The given objects
// are not modified.
func Upgrade(objects []object.Object) ([]object.Object, []Conversion, error) {
	var (
		out   = make([]object.Object, len(objects))
		done  []Conversion
		wrong []error
	)
	for i, o := range objects {
		out[i] = o
		if o.IsNil() {
			continue
		}
		to, from, err := newer(o.Object)
		if err == nil && to == nil {
			continue
		}
		u := Conversion{Position: o.At(diag.Path{}), From: o.Ref().APIVersion}
		if err == nil {
			u.Fields, err = fieldChanges(from, to)
		}
		if err == nil {
			err = lostBundle(u.Fields)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s%s cannot be converted: %w", before(u.Position), o.Ref(), err))
			continue
		}
		u.Object = object.Object{Object: to}.Ref()
		u.To = u.Object.APIVersion
		out[i] = inPlace(o, from, to)
		done = append(done, u)
	}
	return out, done, errors.Join(wrong...)
}

// lostBundle returns an error if a reference to a bundle would become a reference to
// an object of the cluster, as in Tekton's conversion.
func lostBundle(fields []FieldChange) error {
	for _, f := range fields {
		if f.To.IsRoot() && f.From.Last() == (diag.Segment{Name: "bundle"}) && strings.HasSuffix(f.From.Parent().Last().Name, "Ref") {
			return fmt.Errorf("%s would be dropped, so that the reference means an object of the cluster; write resolver: bundles, with the params bundle, name and kind", f.From)
		}
	}
	return nil
}

// before returns a position as a prefix of a line.
func before(at diag.Position) string {
	if !at.IsValid() {
		return ""
	}
	return at.String() + ": "
}

// newer returns the object in its newer API version, and the struct from which it was
// converted. Both are nil if there is no newer version.
func newer(o runtime.Object) (to, from runtime.Object, err error) {
	version, kind := o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	if version == "tekton.dev/v1alpha1" && kind == "StepAction" {
		// The fields are the same in both versions.
		action := &v1beta1.StepAction{}
		if err := decodeAs(o, action); err != nil {
			return nil, nil, err
		}
		action.APIVersion = "tekton.dev/v1beta1"
		return action, action, nil
	}
	from = o
	if _, ok := o.(*unstructured.Unstructured); ok {
		if from = kinds.New(version, kind); version != "tekton.dev/v1beta1" || from == nil {
			return nil, nil, nil
		}
		if err := decodeAs(o, from); err != nil {
			return nil, nil, err
		}
	}
	to, err = conversion.Convert(from)
	return to, from, err
}

// decodeAs decodes an object into a struct, and rejects unknown fields.
func decodeAs(o, into runtime.Object) error {
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		b, err := json.Marshal(o)
		if err != nil {
			return err
		}
		u = &unstructured.Unstructured{}
		if err := json.Unmarshal(b, &u.Object); err != nil {
			return err
		}
	}
	return runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(u.Object, into, true)
}

// inPlace returns the converted object. Its Locate, Adjust and Edit translate paths of the
// new version to those of the old one.
func inPlace(o object.Object, from, to runtime.Object) object.Object {
	locate, adjust, edit := o.Locate, o.Adjust, o.Edit
	o.Object = to
	if locate != nil {
		o.Locate = func(path diag.Path, excerpt string) diag.Position {
			return locate(conversion.Path(from, path), excerpt)
		}
	}
	if edit != nil {
		o.Edit = func(c object.Change) ([]diag.Edit, bool) {
			c.Path = conversion.Path(from, c.Path)
			return edit(c)
		}
	}
	if adjust != nil {
		o.Adjust = func(f diag.Finding) (diag.Finding, bool) {
			path := f.Path
			f.Path = conversion.Path(from, path)
			f, keep := adjust(f)
			f.Path = path
			return f, keep
		}
	}
	return o
}
