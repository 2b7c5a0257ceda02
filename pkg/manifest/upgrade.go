package manifest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"

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
	Fields   []FieldChange  // moved fields first, then the others in the order of the object
	Findings diag.Findings  // what has to be done about it, such as to write a Task for a ClusterTask
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
// changed field and for each finding.
func (u Conversion) String() string {
	var b strings.Builder
	b.WriteString(before(u.Position))
	b.WriteString(u.Object.String() + " of " + u.From + " becomes " + u.To)
	for _, f := range u.Fields {
		b.WriteString("\n\t" + f.String())
	}
	for _, f := range u.Findings {
		b.WriteString("\n\t" + f.Message)
	}
	return b.String()
}

// Upgrade converts objects of old API versions to the version in which Tekton stores
// them, and lists the changes. Tasks, Pipelines and their runs of v1beta1 become v1,
// and StepActions of v1alpha1 become v1beta1. Upgrade uses Tekton's own conversions,
// so it drops the same fields as a cluster would. Dropped fields are listed, and so
// are annotations in which Tekton keeps their values, as added.
//
// There are four changes for which Tekton has no conversion, or none any more:
//
//   - Objects of Tekton Triggers of v1alpha1 become v1beta1. The fields cel, github, gitlab
//     and bitbucket of an interceptor become its ref and its params, as in the webhook of
//     Tekton Triggers when an object of v1alpha1 is applied.
//   - Tasks, Pipelines and runs of v1alpha1 become v1. The params of inputs become params;
//     PipelineResources are dropped.
//   - References to a bundle use the bundles resolver, which finds it with its own service
//     account.
//   - References to a ClusterTask become references to a Task of the same name, with a
//     finding, also in objects of v1.
//
// Objects in a TriggerTemplate, or in a template that is part of a trigger, are converted
// as well, and are conversions of their own. One that contains $(tt.params.NAME) where
// Tekton expects a number or a duration stays as it is.
//
// All other objects are returned unchanged. Objects that cannot be converted are also
// returned unchanged, each with an error. The status is dropped and not listed.
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
		n, err := newer(o.Object)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s%s cannot be converted: %w", before(o.At(diag.Path{})), o.Ref(), err))
			continue
		}
		if n != nil {
			done = append(done, n.conversion(o, diag.Path{}))
			out[i] = inPlace(o, n)
		}
		var bodies []Conversion
		out[i], bodies = upgradeBodies(out[i])
		done = append(done, bodies...)
	}
	return out, done, errors.Join(wrong...)
}

// before returns a position as a prefix of a line.
func before(at diag.Position) string {
	if !at.IsValid() {
		return ""
	}
	return at.String() + ": "
}

// upgraded is an object in a newer API version.
type upgraded struct {
	object runtime.Object
	old    func(diag.Path) diag.Path // the path in the object before
	fields []FieldChange
	found  []conversion.ClusterTask
}

// conversion describes the conversion of an object, which is at a path of another one.
func (n *upgraded) conversion(o object.Object, at diag.Path) Conversion {
	ref := object.Object{Object: n.object}.Ref()
	u := Conversion{Object: ref, Position: o.At(at), From: o.Ref().APIVersion, To: ref.APIVersion, Fields: n.fields}
	for _, c := range n.found {
		path := at.Join(n.old(c.At))
		u.Findings = append(u.Findings, diag.Finding{
			Code: "reference-invalid", Severity: diag.Warning, Object: ref, Path: c.At, Position: o.At(path), Subject: c.Name,
			Message: fmt.Sprintf("%s refers to ClusterTask %q, a kind that Tekton has removed; the reference is now to a Task of that name", ref, c.Name),
			Help:    "add the Task to the namespace of the run, or use the cluster resolver",
		})
	}
	return u
}

// newer returns the object in its newer API version, or nil if there is none.
func newer(o runtime.Object) (*upgraded, error) {
	version, kind := o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind()
	switch {
	case version == "tekton.dev/v1alpha1" && kind == "StepAction":
		// The fields are the same in both versions.
		action := &v1beta1.StepAction{}
		if err := decodeAs(o, action); err != nil {
			return nil, err
		}
		action.APIVersion = "tekton.dev/v1beta1"
		return &upgraded{object: action, old: same}, nil
	case version == "triggers.tekton.dev/v1alpha1" && kinds.New("triggers.tekton.dev/v1beta1", kind) != nil:
		to := kinds.New("triggers.tekton.dev/v1beta1", kind)
		moves, err := alpha(o, to, conversion.Triggers)
		return &upgraded{object: to, old: moves.Old(), fields: moved(moves)}, err
	case version == "tekton.dev/v1alpha1" && kinds.New("tekton.dev/v1", kind) != nil:
		beta := kinds.New("tekton.dev/v1beta1", kind)
		moves, err := alpha(o, beta, conversion.Pipelines)
		if err != nil {
			return nil, err
		}
		return fromBeta(beta, moves)
	case version == "tekton.dev/v1" && conversion.HasClusterTasks(o):
		to := o.DeepCopyObject()
		return &upgraded{object: to, old: same, found: conversion.ClusterTasks(to)}, nil
	}
	from := o
	if _, ok := o.(*unstructured.Unstructured); ok {
		if from = kinds.New(version, kind); version != "tekton.dev/v1beta1" || from == nil {
			return nil, nil
		}
		if err := decodeAs(o, from); err != nil {
			return nil, err
		}
	}
	return fromBeta(from, nil)
}

func same(path diag.Path) diag.Path { return path }

// alpha decodes an object of v1alpha1, which convert converts, into a struct of v1beta1.
func alpha(o, into runtime.Object, convert func(map[string]any) (map[string]any, conversion.Moves)) (conversion.Moves, error) {
	old, err := contentOf(o)
	if err != nil {
		return nil, err
	}
	content, moves := convert(old)
	delete(content, "status")
	return moves, decodeAs(&unstructured.Unstructured{Object: content}, into)
}

// fromBeta returns an object of tekton.dev/v1beta1 in v1, or nil if there is no conversion.
// The moves are those that led to it.
func fromBeta(given runtime.Object, moves conversion.Moves) (*upgraded, error) {
	from := given.DeepCopyObject()
	bundles := conversion.Bundles(from)
	to, err := conversion.Convert(from)
	if to == nil || err != nil {
		return nil, err
	}
	changes, err := fieldChanges(from, to)
	if err != nil {
		return nil, err
	}
	old := moves.Old()
	further := map[string]bool{} // what Tekton's conversion moves again
	for _, c := range changes {
		further[old(c.From).String()] = !c.From.IsRoot()
	}
	n := &upgraded{object: to}
	for _, f := range moved(moves) {
		if !further[f.From.String()] {
			n.fields = append(n.fields, f)
		}
	}
	for _, m := range bundles {
		if m.To.Last().Name == "params" {
			n.fields = append(n.fields, FieldChange{old(m.From), m.To})
		}
	}
	for _, c := range changes {
		if !c.From.IsRoot() {
			c.From = old(c.From)
		}
		n.fields = append(n.fields, c)
	}
	bundled := bundles.Old()
	n.old = func(path diag.Path) diag.Path { return old(bundled(conversion.Path(from, path))) }
	n.found = conversion.ClusterTasks(to)
	return n, nil
}

// moved returns the changes of moves.
func moved(moves conversion.Moves) []FieldChange {
	var out []FieldChange
	for _, m := range moves {
		out = append(out, FieldChange{m.From, m.To})
	}
	return out
}

// contentOf returns the content of an object.
func contentOf(o runtime.Object) (map[string]any, error) {
	if u, ok := o.(*unstructured.Unstructured); ok {
		return u.Object, nil
	}
	b, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, utiljson.Unmarshal(b, &out)
}

// decodeAs decodes an object into a struct, and rejects unknown fields.
func decodeAs(o, into runtime.Object) error {
	fields, err := contentOf(o)
	if err != nil {
		return err
	}
	return runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(fields, into, true)
}

// inPlace returns the converted object. Its Locate, Adjust and Edit translate paths of the
// new version to those of the old one.
func inPlace(o object.Object, n *upgraded) object.Object {
	locate, adjust, edit := o.Locate, o.Adjust, o.Edit
	o.Object = n.object
	if locate != nil {
		o.Locate = func(path diag.Path, excerpt string) diag.Position {
			return locate(n.old(path), excerpt)
		}
	}
	if edit != nil {
		o.Edit = func(c object.Change) ([]diag.Edit, bool) {
			c.Path = n.old(c.Path)
			return edit(c)
		}
	}
	if adjust != nil {
		o.Adjust = func(f diag.Finding) (diag.Finding, bool) {
			path := f.Path
			f.Path = n.old(path)
			f, keep := adjust(f)
			f.Path = path
			return f, keep
		}
	}
	return o
}
