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

// Upgraded says what became of an object of an old API version.
type Upgraded struct {
	Object   diag.ObjectRef // as it is now
	Position diag.Position  // of the object
	From     string         // the API version that it had
	To       string         // the API version that it has
	Fields   []FieldChange  // in the order of the object
}

// FieldChange is one field that moved, went or came.
type FieldChange struct {
	From diag.Path // the zero Path for a field that was not there
	To   diag.Path // the zero Path for a field that is gone
}

// String says of the change what a person wants to know.
func (f FieldChange) String() string {
	switch {
	case f.From.IsRoot():
		return f.To.String() + " is added"
	case f.To.IsRoot():
		return f.From.String() + " is dropped"
	}
	return f.From.String() + " becomes " + f.To.String()
}

// String names the object and both versions, and each field in a line of its
// own.
func (u Upgraded) String() string {
	var b strings.Builder
	b.WriteString(before(u.Position))
	b.WriteString(u.Object.String() + " of " + u.From + " becomes " + u.To)
	for _, f := range u.Fields {
		b.WriteString("\n\t" + f.String())
	}
	return b.String()
}

// Upgrade returns the objects in the API version that Tekton stores them in,
// and says of each that was of an older one what became of it: tasks,
// pipelines and their runs of v1beta1 become v1, step actions of v1alpha1
// become v1beta1. The conversions are Tekton's own, and so lose what they lose
// in a cluster: every field that is dropped is listed. What Tekton keeps of
// such a field, in an annotation, is listed as added.
//
// All other objects are returned as they are: those of Triggers, for which
// Tekton has no conversion, and what stands inside a TriggerTemplate. So are
// those that cannot be converted, each with an error, and those that would come
// to mean something else: with a ref into a bundle. The status, which a cluster
// writes, is neither kept nor listed.
//
// Places still lead to the file that an object was read from. The objects given
// stay as they are.
func Upgrade(objects []object.Object) ([]object.Object, []Upgraded, error) {
	var (
		out   = make([]object.Object, len(objects))
		done  []Upgraded
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
		u := Upgraded{Position: o.At(diag.Path{}), From: o.Ref().APIVersion}
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

// lostBundle refuses to make a ref into a bundle one to an object of the
// cluster, as Tekton's conversion does.
func lostBundle(fields []FieldChange) error {
	for _, f := range fields {
		if f.To.IsRoot() && f.From.Last() == (diag.Segment{Name: "bundle"}) && strings.HasSuffix(f.From.Parent().Last().Name, "Ref") {
			return fmt.Errorf("%s would be dropped, and the ref mean an object of the cluster; write resolver: bundles, with the params bundle, name and kind", f.From)
		}
	}
	return nil
}

// before is a position as the beginning of a line.
func before(at diag.Position) string {
	if !at.IsValid() {
		return ""
	}
	return at.String() + ": "
}

// newer is an object in the API version that replaces its own, and the struct
// that it was made of; nil if there is none.
func newer(o runtime.Object) (to, from runtime.Object, err error) {
	version, kind := o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	if version == "tekton.dev/v1alpha1" && kind == "StepAction" {
		// Both versions spell their fields the same.
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

// decodeAs reads an object as a struct that has all of its fields.
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

// inPlace is an object that stands for the one it was made of: what is asked of
// it by the paths of the new version is answered by those of the old one.
func inPlace(o object.Object, from, to runtime.Object) object.Object {
	locate, adjust := o.Locate, o.Adjust
	o.Object = to
	if locate != nil {
		o.Locate = func(path diag.Path, excerpt string) diag.Position {
			return locate(conversion.Path(from, path), excerpt)
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
