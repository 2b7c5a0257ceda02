package triggers

import (
	"encoding/json"
	"errors"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/memo"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// FromObject returns a Resource for an upstream object, such as a *batchv1.Job, with its
// apiVersion and kind set, for [Template.Create] and [Listener.On]. Its strings may contain
// $(tt.params.NAME). For a number or a quantity that contains one, use [Template.Raw].
func FromObject(o runtime.Object) Resource {
	return fromObject{object.Object{Object: o, Locate: new(callsite.Places).Locate(callsite.Here())}}
}

// fromObject is an upstream object that a trigger creates.
type fromObject struct{ object object.Object }

// Object implements [Resource].
func (f fromObject) Object() (object.Object, error) {
	switch {
	case f.object.IsNil():
		return object.Object{}, errors.New("the object passed to FromObject is nil")
	case f.object.GetObjectKind().GroupVersionKind().Kind == "" || f.object.GetObjectKind().GroupVersionKind().Version == "":
		return object.Object{}, errors.New("the object passed to FromObject has no apiVersion or no kind")
	}
	return f.object, nil
}

// fielded is a Resource that uses fields of events: a builder.PipelineRun.
type fielded interface {
	EventFields() []builder.EventField
}

// parted is a Resource that needs other objects: a builder.PipelineRun.
type parted interface {
	Parts(*memo.Memo) (builder.Parts, error)
}

// partsOf returns the object of a Resource, the objects that it refers to, and the
// event fields that it uses.
func partsOf(m *memo.Memo, r Resource) (builder.Parts, error) {
	switch x := r.(type) {
	case nil, *Template: // a template consists of several
		return builder.Parts{}, nil
	case parted:
		return x.Parts(m)
	}
	if isNil(r) {
		return builder.Parts{}, nil
	}
	var parts builder.Parts
	var err error
	if run, ok := r.(*builder.TaskRun); ok { // its Task comes before it
		var objects []object.Object
		if objects, err = run.Objects(); len(objects) > 0 {
			last := len(objects) - 1
			parts.Object, parts.Dependencies = objects[last], objects[:last]
		}
	} else {
		parts.Object, err = r.Object()
	}
	if f, ok := r.(fielded); ok {
		parts.Fields = f.EventFields()
	}
	return parts, err
}

// resourceJSON returns the JSON of a Resource in a template, or nil if it cannot be
// part of one, and its parts. Its fields must belong to the owner: the event e, or a
// template, for which e is nil. A zero owner stands for an event that is missing.
func resourceJSON(m *memo.Memo, at callsite.Place, about diag.ObjectRef, r Resource, owner handle.Owner, e *event) ([]byte, builder.Parts, diag.Findings) {
	parts, err := partsOf(m, r)
	o := parts.Object
	if isNil(r) {
		return nil, parts, diag.Findings{finding(at, about, "resource-invalid", "an object to create is nil", "pass a run")}
	}
	if _, ok := r.(*Template); ok {
		return nil, parts, diag.Findings{finding(at, about, "template-invalid", "a template is passed together with other objects",
			"pass the template to On as the only object, and add other objects to it with Create")}
	}
	findings := findingsOf(at, about, err)
	for _, x := range parts.Fields {
		tok, _ := handle.Single(string(x.Text))
		if tok.Owner.ID == owner.ID || owner == (handle.Owner{}) {
			continue
		}
		f := diag.Finding{
			Code: "handle-foreign", Severity: diag.Error, Object: about, Position: x.Position, Subject: tok.Expr,
			Message: "the run uses " + quoted(tok.Text()) + " of another event, " + tok.Owner.Name,
			Help:    "use the fields of the event that is passed to On",
		}
		if e == nil {
			f.Message = "the run uses " + quoted(tok.Text()) + " of " + tok.Owner.Name + ", but is part of " + owner.Name
			f.Help = "use Param of the template and bind it to the path of the field, or pass the run itself to On"
		}
		findings = append(findings, f)
	}
	if o.Object == nil {
		return nil, parts, findings
	}
	node, err := yamlwrite.Of(o.Object)
	if err != nil {
		return nil, parts, append(findings, finding(at, about, "resource-invalid", "an object to create cannot be written: "+phrase.OneLine(err), "fix the object where it is defined"))
	}
	raw, err := node.JSON()
	if err != nil {
		return nil, parts, append(findings, finding(at, about, "resource-invalid", "an object to create cannot be written: "+phrase.OneLine(err), "fix the object where it is defined"))
	}
	if handle.HasMark(string(raw)) {
		findings = append(findings, finding(at, about, "handle-misplaced",
			"an object to create contains a handle in a place where handles are not resolved", "use handles only in the arguments, the name and the labels of a run"))
	}
	findings = append(findings, e.misfits(at, about, o)...)
	return raw, parts, append(findings, fixedName(at, about, raw)...)
}

// foreign returns the names of the fields of other events.
func foreign(fields []builder.EventField, owner handle.Owner) []string {
	var names []string
	for _, x := range fields {
		if tok, _ := handle.Single(string(x.Text)); tok.Owner.ID != owner.ID {
			names = append(names, tekref.TemplateParams("$("+tok.Expr+")")...)
		}
	}
	return names
}

// fixedName reports an object with a fixed name, which only the first event can
// create.
func fixedName(at callsite.Place, about diag.ObjectRef, raw []byte) diag.Findings {
	var o struct {
		Kind     string
		Metadata struct{ Name, GenerateName string }
	}
	if json.Unmarshal(raw, &o) != nil || o.Metadata.Name == "" || tekref.Contains(o.Metadata.Name) {
		return nil
	}
	f := finding(at, about, "name-fixed",
		o.Kind+" "+quoted(o.Metadata.Name)+" has a fixed name: only the first event can create it",
		`end the name with "-", or append triggers.UID`)
	if o.Kind != "PipelineRun" && o.Kind != "TaskRun" {
		f.Severity = diag.Warning
	}
	return diag.Findings{f}
}

// rawJSON converts JSON or YAML to JSON.
func rawJSON(text []byte) ([]byte, error) {
	raw, err := yamlread.JSON(text, false)
	if err != nil {
		return nil, err
	}
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	return raw, nil
}
